@area:security
Feature: Exposure: who can reach the service from outside

  The internet tries every address all day. What cannot be reached cannot be attacked, so only the
  load balancer answers to strangers.

  A pass shows which ways in the planned change leaves open. It does not show what the application
  does with the requests that it accepts.

  Background:
    Given the Terraform plan

  @EXP-01 @severity:critical @cis:2.3.3 @nist:SC-7 @soc2:CC6.6
  Rule: EXP-01 A database is not on the internet

    Scenario: EXP-01.1 No database can be reached from the internet
      When we examine every planned database
      Then public accessibility must be disabled

  @EXP-02 @severity:critical @cis:5.2 @cis:5.3 @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-02 Only load balancers accept traffic from the internet

    Scenario: EXP-02.1 Nothing but a load balancer is open to the world
      When we examine every planned security group ingress rule
      Then internet ingress must be limited to load balancers on approved ports

  @EXP-03 @severity:high @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-03 Tasks stay in private networks

    Scenario: EXP-03.1 No task has a public address
      When we examine every planned ECS service
      Then public IP assignment must be disabled

  @EXP-04 @severity:high @nist:SC-8 @soc2:CC6.7
  Rule: EXP-04 Callers speak to us over TLS

    Scenario: EXP-04.1 Every load balancer speaks TLS, or only redirects to it
      When we examine every planned load balancer listener
      Then it must use TLS or redirect to HTTPS

  @EXP-05 @severity:critical @cis:2.1.4 @nist:AC-3 @nist:SC-7 @soc2:CC6.1
  Rule: EXP-05 Buckets are private

    Scenario: EXP-05.1 No bucket can be made public
      When we examine every planned S3 bucket
      Then Block Public Access must be enabled

    Scenario: EXP-05.2 No bucket policy lets everybody in
      When we examine every planned S3 bucket
      Then its policy must not grant public access

  @EXP-06 @severity:medium @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-06 What leaves us leaves on accepted ports

    Scenario: EXP-06.1 Nothing of ours can call the internet on any port
      When we examine every planned security group egress rule
      Then internet egress must be limited to approved ports

    Scenario: EXP-06.2 What our own parts say to each other goes to one port
      When we examine every planned internal security group rule
      Then it must allow a single port

  @EXP-07 @severity:critical @nist:AC-4 @nist:SC-7 @soc2:CC6.6
  Rule: EXP-07 The database answers only our own tasks

    Scenario: EXP-07.1 Every way in to a database names who comes
      When we examine every planned RDS DB instance
      Then its ingress must be limited to security groups

  @EXP-08 @severity:medium @nist:SC-5 @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-08 Odd requests stop before the service

    Scenario: EXP-08.1 Every public load balancer has a firewall in front
      When we examine every planned load balancer
      Then it must have a web ACL

    Scenario: EXP-08.2 Malformed headers do not reach the service
      When we examine every planned load balancer
      Then dropping invalid header fields must be enabled

    Scenario: EXP-08.3 The firewall writes down what it stops
      When we examine every planned WAF web ACL
      Then logging must be enabled

    Scenario: EXP-08.4 The firewall stops what it recognises
      When we examine every planned WAF web ACL
      Then it must block requests and have no rule in count mode

    Scenario: EXP-08.5 Requests that can be read in two ways do not reach the service
      When we examine every planned load balancer
      Then the desync mitigation mode must be one of "defensive, strictest"

    Scenario: EXP-08.6 No request gets past a firewall that does not answer
      When we examine every planned load balancer
      Then WAF fail open must be disabled

  @EXP-09 @severity:medium @nist:AC-3 @soc2:CC6.1
  Rule: EXP-09 A bucket serves our own pages and owns what is in it

    Scenario: EXP-09.1 Only our own web sites may use a bucket
      When we examine every planned S3 bucket
      Then its CORS rules must not allow wildcard origins

    Scenario: EXP-09.2 Nobody opens a single object to the world
      When we examine every planned S3 bucket
      Then ACLs must be disabled

  @EXP-10 @severity:medium @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-10 What nobody calls from outside stands where nobody can

    Scenario: EXP-10.1 Every database stands in private networks
      When we examine every planned RDS DB instance
      Then it must not use subnets that auto-assign public IP addresses

    Scenario: EXP-10.2 Every task stands in private networks
      When we examine every planned ECS service
      Then it must not use subnets that auto-assign public IP addresses
