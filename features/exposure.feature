@area:security
Feature: Exposure: network boundary and public access

  The internet scans every address all day. A resource that cannot be reached cannot be attacked, so
  only the load balancer accepts requests from the internet.

  A pass shows which ingress the planned change allows. It does not show how the application handles
  the requests that it accepts.

  Background:
    Given the Terraform plan

  @EXP-01 @severity:critical @cis:2.3.3 @nist:SC-7 @soc2:CC6.6
  Rule: EXP-01 Public access to databases

    A database with a public address is scanned and attacked within hours. Amazon Aurora,
    DocumentDB, Neptune, Redshift, MemoryDB and others are judged too; DynamoDB tables are not.

    A pass shows that the database is not publicly accessible. It does not show its security
    groups and subnets: those are EXP-07 and EXP-10.

    Scenario: EXP-01.1 RDS DB instances and other AWS databases should not be publicly accessible
      When we examine every planned database
      Then public accessibility must be disabled

  @EXP-02 @severity:critical @cis:5.2 @cis:5.3 @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-02 Ingress from the internet

    Every open port is one more way for an attacker to get in.

    A pass shows that security groups allow ingress from the internet only to load balancers, on the
    ports in policies/parameters.toml, and that nothing else has such a group. It does not show ingress from a public range of /24 (IPv6
    /48) or smaller, which does not count as the internet.

    Scenario: EXP-02.1 Security groups should allow internet ingress only to load balancers on approved ports
      When we examine every planned security group ingress rule
      Then internet ingress must be limited to load balancers on approved ports

  @EXP-03 @severity:high @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-03 Public IP addresses of tasks

    A task with a public IP address can be reached without the load balancer and its web ACL.

    A pass shows services and their task sets. It does not show tasks that Amazon EventBridge or
    another caller starts.

    Scenario: EXP-03.1 ECS services should not assign public IP addresses to tasks
      When we examine every planned ECS service
      Then public IP assignment must be disabled

  @EXP-04 @severity:high @nist:SC-8 @soc2:CC6.7
  Rule: EXP-04 HTTPS listeners

    A password that is sent over HTTP can be read on its way.

    A listener without TLS that passes on TCP is violated, even where its targets may speak TLS.
    A Classic Load Balancer cannot redirect.
    Listeners of Gateway Load Balancers have no TLS and are not examined.

    Scenario: EXP-04.1 Load balancer listeners should use TLS or redirect to HTTPS
      When we examine every planned load balancer listener
      Then it must use TLS or redirect to HTTPS

  @EXP-05 @severity:critical @cis:2.1.4 @nist:AC-3 @nist:SC-7 @soc2:CC6.1
  Rule: EXP-05 Public access to S3 buckets

    A public bucket is the most common leak of data on AWS.

    A pass shows Block Public Access of each bucket, or of its account in the same plan, its policy and
    its ACL. It does not show what only AWS has by default, or another state holds.

    Scenario: EXP-05.1 S3 buckets should have all four Block Public Access settings enabled
      When we examine every planned S3 bucket
      Then Block Public Access must be enabled

    Scenario: EXP-05.2 S3 bucket policies should not grant public access
      When we examine every planned S3 bucket
      Then its policy must not grant public access

    Scenario: EXP-05.3 S3 bucket ACLs should not grant public access
      When we examine every planned S3 bucket
      Then its ACL must not grant public access

  @EXP-06 @severity:medium @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-06 Egress and internal port restrictions

    An attacker who has broken in needs a way to send data out, and a way to the next host.

    A pass shows the ports of the security group rules. It does not show which hosts are called on
    these ports.

    Scenario: EXP-06.1 Security groups should allow internet egress only on approved ports
      When we examine every planned security group egress rule
      Then internet egress must be limited to approved ports

    Scenario: EXP-06.2 Internal security group rules should allow a single port
      When we examine every planned internal security group rule
      Then it must allow a single port

  @EXP-07 @severity:critical @nist:AC-4 @nist:SC-7 @soc2:CC6.6
  Rule: EXP-07 Database ingress sources

    An IP address range admits every host that gets an address in it later.

    A pass shows that ingress rules name security groups. It does not show that these are the groups
    of our tasks: any security group passes.

    Scenario: EXP-07.1 RDS DB instances and clusters should allow ingress only from security groups
      When we examine every planned RDS DB instance
      Then its ingress must be limited to security groups

  @EXP-08 @severity:medium @nist:SC-5 @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-08 Web application firewall and request filtering

    Malformed and malicious requests should be blocked before they reach the service.

    A pass shows that a web ACL is associated, blocks and logs what it blocks, and that the load
    balancer filters requests. It does not show that the rules of the web ACL recognise an attack,
    nor rule groups outside the plan. A single rule of a managed rule group may count.

    Scenario: EXP-08.1 Public Application Load Balancers should be associated with an AWS WAF web ACL
      When we examine every planned Application Load Balancer
      Then it must have a web ACL

    Scenario: EXP-08.2 Application Load Balancers should drop invalid header fields
      When we examine every planned Application Load Balancer
      Then dropping invalid header fields must be enabled

    Scenario: EXP-08.3 AWS WAF web ACLs should have logging enabled
      When we examine every planned WAF web ACL
      Then logging must be enabled

    Scenario: EXP-08.4 AWS WAF web ACLs should block requests and have no rule in count mode
      When we examine every planned WAF web ACL
      Then it must block requests and have no rule in count mode

    Scenario: EXP-08.5 Application Load Balancers should use defensive or strictest desync mitigation mode
      When we examine every planned Application Load Balancer
      Then the desync mitigation mode must be one of "defensive, strictest"

    Scenario: EXP-08.6 Application Load Balancers should have WAF fail open disabled
      When we examine every planned Application Load Balancer
      Then WAF fail open must be disabled

  @EXP-09 @severity:medium @nist:AC-3 @soc2:CC6.1
  Rule: EXP-09 S3 CORS and object ownership

    A web site with a wildcard origin can read a bucket with the session of its visitor. An object
    with its own ACL is not under the control of the bucket policy.

    A pass shows that the origins are named and that ACLs are disabled. It does not show who owns a
    named origin, and CORS is not access control.

    Scenario: EXP-09.1 S3 CORS rules should not allow wildcard origins
      When we examine every planned S3 bucket
      Then its CORS rules must not allow wildcard origins

    Scenario: EXP-09.2 S3 buckets should have ACLs disabled
      When we examine every planned S3 bucket
      Then ACLs must be disabled

  @EXP-10 @severity:medium @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-10 Subnets without public IP assignment

    A subnet that assigns public IP addresses exposes whatever is started in it.

    A pass shows that the subnets do not assign public IPv4 addresses. It does not show their routes
    and IPv6 addresses, so it does not show that the subnets are private.

    Scenario: EXP-10.1 RDS databases should use subnets that do not auto-assign public IP addresses
      When we examine every planned RDS DB instance
      Then it must not use subnets that auto-assign public IP addresses

    Scenario: EXP-10.2 ECS services should use subnets that do not auto-assign public IP addresses
      When we examine every planned ECS service
      Then it must not use subnets that auto-assign public IP addresses

  @EXP-11 @severity:high @nist:AC-4 @nist:SC-7 @soc2:CC6.6
  Rule: EXP-11 Kubernetes API endpoints

    Whoever reaches the API endpoint of a cluster can try stolen credentials and new exploits on it.

    A pass shows that the endpoint is private, or that its networks are named and none is the
    internet, by the same measure as in EXP-02. It does not show who may do what in the cluster.

    Scenario: EXP-11.1 EKS cluster API endpoints should not be open to the internet
      When we examine every planned EKS cluster
      Then its API endpoint must not be open to the internet
