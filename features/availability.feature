@area:reliability
Feature: Availability: redundancy across Availability Zones

  Tasks crash and Availability Zones fail. Users should notice neither.

  A pass shows that tasks, databases, load balancers and subnets are redundant. It does not show
  that the remaining half can carry the load alone.

  Background:
    Given the Terraform plan

  @AVA-01 @severity:high @wa:REL10 @wa:REL11
  Rule: AVA-01 Redundancy of ECS services across Availability Zones

    A single task, or a single Availability Zone, takes the service down with it.

    A pass shows the minimum number of tasks, by autoscaling and each of its schedules, and the zones
    of the subnets. It does not show that so many tasks run during a deployment, nor where ECS places
    them.

    Scenario: AVA-01.1 ECS services should run at least two tasks
      When we examine every planned ECS service
      Then the minimum task count must be at least 2

    Scenario: AVA-01.2 ECS services should use subnets in at least two Availability Zones
      When we examine every planned ECS service
      Then it must use subnets in at least 2 Availability Zones

    Scenario: AVA-01.3 ECS services should have Availability Zone rebalancing enabled
      When we examine every planned ECS service
      Then Availability Zone rebalancing must be enabled

  @AVA-02 @severity:high @nist:CP-10 @soc2:A1.2 @wa:REL10
  Rule: AVA-02 Multi-AZ databases

    A database in one Availability Zone is unavailable for as long as that zone is.

    A pass shows Multi-AZ, or a second instance of a cluster of Amazon Aurora, DocumentDB or
    Neptune. It does not show how long a failover takes.

    Scenario: AVA-02.1 RDS DB instances and clusters should be deployed in multiple Availability Zones
      When we examine every planned RDS DB instance
      Then Multi-AZ must be enabled

  @AVA-03 @severity:high @nist:CP-10 @wa:REL10
  Rule: AVA-03 Load balancer and DB subnet redundancy

    Redundant tasks do not help while the load balancer or the database can only be in one zone.

    A pass shows the zones of the subnets. It does not show that a failover works: that is AVA-02.
    Classic Load Balancers are not examined.

    Scenario: AVA-03.1 Load balancers should use subnets in at least two Availability Zones
      When we examine every planned load balancer
      Then it must use subnets in at least 2 Availability Zones

    Scenario: AVA-03.2 RDS DB instances and clusters should use subnets in at least two Availability Zones
      When we examine every planned RDS DB instance
      Then it must use subnets in at least 2 Availability Zones
