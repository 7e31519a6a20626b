@area:cost
Feature: Cost: limits, lifetimes, tags and right-sizing

  The bill was higher than expected: sizes were guessed once and never reviewed, and unused data was
  never deleted.

  A pass shows that sizes, lifetimes and the estimate are within the limits that we set. It does not
  show the bill: prices are list prices on the dates of the catalogue, and usage counts only as far
  as usage.toml declares it.

  Background:
    Given the Terraform plan

  @CST-01 @severity:medium @wa:COST06
  Rule: CST-01 Maximum task size

    A task that is larger than needed is paid for every hour.

    A pass shows that the task is within an upper limit. It does not show that the size is right:
    that is CST-14.

    Scenario: CST-01.1 ECS tasks should not exceed the approved maximum size
      When we examine every planned ECS task definition
      Then the task size must not exceed the approved maximum

  @CST-02 @severity:medium @wa:COST06
  Rule: CST-02 Approved database classes and storage

    The class and the storage type are most of what a database costs.

    A pass shows that the class is on the list in policies/limits.toml. It does not show that the
    class is needed: that is CST-14.

    Scenario: CST-02.1 RDS DB instances and clusters should use an approved instance class
      When we examine every planned RDS DB instance
      Then its instance class must be on the approved list

    Scenario: CST-02.2 RDS DB instances and clusters should use gp3 or Aurora Standard storage
      When we examine every planned RDS DB instance
      Then the storage type must be "gp3"

  @CST-03 @severity:medium @nist:AU-11 @nist:SI-12 @wa:COST04
  Rule: CST-03 Log retention

    Logs that never expire are paid for indefinitely. Logs that expire too early are missing when an
    incident is investigated.

    A pass shows the retention of the planned log groups. It does not show log groups that AWS services
    create themselves, such as those of a Lambda function: they never expire, and no plan holds them.

    Scenario: CST-03.1 CloudWatch log groups should retain logs for 30 to 400 days
      When we examine every planned CloudWatch log group
      Then log retention must be between 30 and 400 days

  @CST-04 @severity:low @nist:SI-12 @wa:COST04
  Rule: CST-04 Storage lifecycle

    Objects, images and incomplete uploads that no one deletes accumulate, and are paid for
    indefinitely.

    A pass shows that an enabled lifecycle rule or policy exists. It does not show that it covers
    every prefix, nor what it expires.

    Scenario: CST-04.1 S3 buckets should have a lifecycle rule that expires or transitions objects
      When we examine every planned S3 bucket
      Then a lifecycle rule must expire or transition objects

    Scenario: CST-04.2 ECR repositories should have a lifecycle policy
      When we examine every planned ECR repository
      Then it must have a lifecycle policy

    Scenario: CST-04.3 S3 buckets should have a lifecycle rule that aborts incomplete multipart uploads
      When we examine every planned S3 bucket
      Then a lifecycle rule must abort incomplete multipart uploads

  @CST-05 @severity:medium @wa:COST09
  Rule: CST-05 Autoscaling and scale-in

    A service that never scales in costs as much at night as at its peak.

    A pass shows a minimum below the maximum, a policy or schedule, and scale-in of each target
    tracking policy. It does not show that the schedule or a step scaling policy ever scales in.

    Scenario: CST-05.1 ECS services should have autoscaling enabled
      When we examine every planned ECS service
      Then autoscaling must be enabled

    Scenario: CST-05.2 ECS target tracking policies should have scale-in enabled
      When we examine every planned ECS target tracking policy
      Then scale-in must be enabled

  @CST-06 @severity:low @nist:CM-8 @wa:COST03
  Rule: CST-06 Cost allocation tags

    The bill is divided by tags. The cost of an untagged resource has no owner.

    Scenario: CST-06.2 RDS DB instances and clusters should copy tags to snapshots
      When we examine every planned RDS DB instance
      Then tag copying to snapshots must be enabled

    Scenario: CST-06.3 ECS services should propagate tags to tasks
      When we examine every planned ECS service
      Then tag propagation to tasks must be enabled

  @CST-07 @severity:low @wa:COST06
  Rule: CST-07 Log verbosity

    Debug logs are paid for by volume, and no one reads them.

    A pass shows that the variables and levels in policies/parameters.toml are not verbose. It does
    not show how much the application logs.

    Scenario: CST-07.1 ECS containers should not use a verbose log level
      When we examine every planned ECS task definition
      Then the container log level must not be verbose

  @CST-08 @severity:medium @wa:COST02 @wa:COST03
  Rule: CST-08 Budget alerts

    A budget reports the cost while there is time to act, not with the invoice.

    A pass shows a monthly cost budget that has not ended and alerts at or below its limit, and that
    its tags are those of planned resources. It does not show that the budget covers the service:
    filters by AWS service, account or region are not judged.

    Scenario: CST-08.1 ECS services should have a monthly AWS cost budget that alerts at or below its limit
      When we examine every planned ECS service
      Then it must be covered by an AWS budget that alerts at or below 100% of its limit

    Scenario: CST-08.2 Monthly AWS cost budgets should not exceed the approved maximum
      When we examine every planned AWS budget
      Then the budget limit must not exceed the approved maximum

    Scenario: CST-08.3 AWS budget tag filters should match a tag of a planned resource
      When we examine every planned AWS budget
      Then its tag filter must match a planned resource

  @CST-09 @severity:low @wa:COST06
  Rule: CST-09 Graviton processors

    AWS Graviton (Arm64) costs a tenth to a fifth less than x86 for the same size.

    Scenario: CST-09.1 ECS tasks should run on Graviton
      When we examine every planned ECS task definition
      Then it must run on Graviton

    Scenario: CST-09.2 RDS DB instances and clusters should use a Graviton instance class
      When we examine every planned RDS DB instance
      Then it must run on Graviton

  @CST-10 @severity:low @wa:COST08
  Rule: CST-10 S3 gateway endpoint

    Traffic to S3 through a NAT gateway is paid for by the gigabyte. A gateway endpoint is free.

    A pass shows an S3 gateway endpoint with a route table. It does not show that it is the route
    table of the service, nor the path of images: endpoints for ECR are not judged. A service is not
    examined where the plan makes its subnets and no NAT gateway, nor a route to another network.

    Scenario: CST-10.1 ECS services that may use a NAT gateway should have an S3 gateway endpoint
      When we examine every planned ECS service
      Then it must be covered by an S3 gateway endpoint

  @CST-11 @severity:high @wa:COST02 @wa:COST05
  Rule: CST-11 Estimated monthly cost

    The bill was three times what was planned. The estimate for a month is compared with the budget
    before the change is applied. A missing price or a value that is known after apply leaves the
    answer open and never counts as zero.

    Scenario: CST-11.1 The estimated monthly cost at minimum scale should not exceed its budget
      When we estimate the monthly cost
      Then the monthly cost at minimum scale must not exceed the approved maximum

    Scenario: CST-11.2 The estimated monthly cost at maximum scale should not exceed its budget
      When we estimate the monthly cost
      Then the monthly cost at maximum scale must not exceed the approved maximum

  @CST-12 @severity:medium @wa:COST02
  Rule: CST-12 Estimated cost increase per change

    Costs grow in small steps that no one adds up. What one change adds is compared with a limit, so
    that a larger increase is discussed before it is paid for.

    Scenario: CST-12.1 The estimated monthly cost increase should not exceed the limit for one change
      When we estimate the monthly cost
      Then the monthly cost increase must not exceed the approved maximum

  @CST-13 @severity:medium @nist:CM-8 @wa:COST04
  Rule: CST-13 Idle load balancers and addresses

    A load balancer and an Elastic IP address are paid for by the hour, used or not.

    A pass shows that each load balancer forwards requests and each address is associated. It does
    not show that there are any requests. Classic Load Balancers are not examined.

    Scenario: CST-13.1 Load balancers should forward requests and Elastic IP addresses should be associated
      When we examine every planned load balancer or Elastic IP address
      Then it must not be idle

  @CST-14 @severity:medium @wa:COST06
  Rule: CST-14 Right-sizing to the declared demand

    Sizes are compared with the demand that policies/limits.toml declares.

    A pass shows that the smallest size that meets the demand is used. It does not show that the
    declared demand is correct: that needs a load test.

    Scenario: CST-14.1 ECS services should use the smallest task size that meets the declared demand
      When we examine every planned ECS service
      Then its task size must be the smallest that meets the declared demand

    Scenario: CST-14.2 ECS services should not run more tasks at minimum scale than the demand needs
      When we examine every planned ECS service
      Then its minimum task count must not exceed the declared demand

    Scenario: CST-14.3 RDS databases should use the cheapest approved class that meets the declared demand
      When we examine every planned RDS DB instance
      Then its instance class must be the cheapest for the declared demand

    Scenario: CST-14.4 RDS DB instances and clusters should not provision more IOPS than the declared demand
      When we examine every planned RDS DB instance
      Then its provisioned IOPS must not exceed the declared demand

  @CST-15 @severity:low @wa:COST05
  Rule: CST-15 S3 Bucket Keys

    Each request to AWS KMS is billed. A bucket key needs one request for many objects.

    A pass shows that bucket keys are enabled. It does not show how many requests there are.

    Scenario: CST-15.1 S3 buckets with SSE-KMS should have S3 Bucket Keys enabled
      When we examine every planned S3 bucket
      Then S3 Bucket Keys must be enabled
