@area:reliability
Feature: Capacity: connections, compute and storage within their limits

  The service was down for two hours because each new task opened its own database connections until
  none were left. No dashboard showed the number of connections.

  A pass shows that the planned tasks fit into the planned database at the peak of a deployment. It
  does not show that the application closes its connections.

  Background:
    Given the Terraform plan

  @CAP-01 @severity:critical @nist:SC-5 @soc2:A1.1 @wa:REL07
  Rule: CAP-01 Database connection capacity during deployments

    A rolling deployment runs old and new tasks in parallel. Each task opened its own connections
    until none were left.

    A pass shows that the planned tasks cannot open more connections than the database accepts.
    Old tasks count with the pool that they had before the change. A number in the parameter group
    counts as far as the memory of the class carries it. Without one, it is the default of the engine.
    It does not show that the application closes its connections.

    Scenario: CAP-01.1 RDS DB instances and clusters should support the peak connections of a deployment
      When we examine every planned RDS DB instance
      Then max_connections must cover the peak connections of a deployment

  @CAP-02 @severity:high @nist:SC-5 @soc2:CC7.2 @wa:REL06
  Rule: CAP-02 Database connection monitoring

    The connections ran out without a warning.

    Available connections are those that the database accepts at least, minus the reserve in
    policies/parameters.toml. A pass shows that an alarm on the metric of the database can fire within
    the time there and notifies someone, and that a widget of a dashboard shows the metric.

    Scenario: CAP-02.1 RDS DB instances and clusters should have a CloudWatch alarm on DatabaseConnections
      When we examine every planned RDS DB instance
      Then CloudWatch alarms must watch "DatabaseConnections"

    Scenario: CAP-02.2 RDS connection alarms should fire at or below 80% of available connections
      When we examine every planned RDS DB instance
      Then an alarm on "DatabaseConnections" must fire at or below 80% of available connections

    Scenario: CAP-02.3 RDS DB instances and clusters should have DatabaseConnections on a CloudWatch dashboard
      When we examine every planned RDS DB instance
      Then a CloudWatch dashboard must show "DatabaseConnections"

  @CAP-03 @severity:medium @soc2:A1.1 @wa:REL05
  Rule: CAP-03 Idle transaction timeout

    A forgotten transaction holds its connection and its locks until it ends.

    A pass shows the timeout of idle transactions of PostgreSQL; other engines are not examined. It
    does not show that idle connections without a transaction are closed.

    Scenario: CAP-03.1 RDS and Aurora PostgreSQL databases should end idle transactions within 60 seconds
      When we examine every planned RDS DB instance
      Then idle_in_transaction_session_timeout must be at most 60 seconds

  @CAP-04 @severity:medium @soc2:A1.1 @wa:REL07
  Rule: CAP-04 Database storage autoscaling

    A database whose storage is full stops accepting writes.

    Scenario: CAP-04.1 RDS DB instances and clusters should have storage autoscaling enabled
      When we examine every planned RDS DB instance
      Then storage autoscaling must be enabled

  @CAP-05 @severity:medium @soc2:CC8.1 @wa:REL07
  Rule: CAP-05 Valid Fargate task sizes

    Terraform plans any size. AWS rejects an unsupported size during the apply, when half of the
    change is done.

    Scenario: CAP-05.1 Fargate task definitions should use a supported CPU and memory combination
      When we examine every planned ECS task definition
      Then its Fargate task size must be supported by AWS

    Scenario: CAP-05.2 ECS containers should fit within the CPU and memory of their task
      When we examine every planned ECS task definition
      Then its containers must fit within its task size

  @CAP-06 @severity:high @nist:SC-5 @soc2:A1.1 @wa:REL07
  Rule: CAP-06 Autoscaling limit for database connections

    The number of tasks was raised by hand, and no limit kept it below what the database accepts.

    A pass shows that the maximum number of tasks, by autoscaling, its schedules and a desired count
    that the change sets, fits one database, with old and new tasks in parallel. It does not show
    services whose containers set no pool size: those are not examined.

    Scenario: CAP-06.1 ECS services should cap autoscaling within the database connection limit
      When we examine every planned ECS service
      Then its maximum task count must fit within the database connection limit

  @CAP-07 @severity:medium @soc2:CC8.1 @wa:REL07
  Rule: CAP-07 Valid provisioned IOPS

    Terraform plans any number of IOPS. AWS rejects a number that the storage does not support at
    its size.

    Scenario: CAP-07.1 RDS DB instances and clusters should use IOPS that are valid for their storage
      When we examine every planned RDS DB instance
      Then its storage IOPS must be supported by AWS

  @CAP-08 @severity:medium @nist:SC-5 @soc2:CC7.2 @wa:REL06
  Rule: CAP-08 Alarm thresholds with headroom

    An alarm at the limit itself reports an outage that users have already noticed.

    A pass shows that the thresholds on the CPU and memory of ECS, on the CPU, memory and storage of
    RDS and on the CPU of DocumentDB and Neptune leave the headroom in policies/parameters.toml, and
    that the alarms fire within the time there. It does not show that there is time to act. Alarms
    that only scale are not examined.

    Scenario: CAP-08.1 CloudWatch alarms on CPU, memory and storage should fire with headroom below the limit
      When we examine every planned CloudWatch alarm
      Then its threshold must leave headroom

  @CAP-09 @severity:medium @soc2:A1.2 @wa:REL10
  Rule: CAP-09 NAT gateway redundancy

    With one NAT gateway for several Availability Zones, the loss of its zone cuts the others off
    from the internet.

    A pass shows a public NAT gateway of this plan in each zone of the service. It does not show the
    route tables, nor a network that is built elsewhere: a plan without a public NAT gateway is not
    applicable.

    Scenario: CAP-09.1 NAT gateways should cover every Availability Zone of each ECS service
      When we examine every planned ECS service
      Then NAT gateways must cover each of its Availability Zones

  @CAP-10 @severity:medium @soc2:A1.1 @wa:REL07
  Rule: CAP-10 Target tracking utilization

    A task needs a minute to start. Until then the other tasks carry the load alone.

    A pass shows the target of policies on the predefined CPU and memory metrics. It does not show
    how fast the load rises, and step scaling is not examined.

    Scenario: CAP-10.1 ECS target tracking policies should have a utilization target of at most 80%
      When we examine every planned ECS target tracking policy
      Then the utilization target must be at most 80%
