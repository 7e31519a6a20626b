@area:operations
Feature: Observability: monitoring, logging and alerting

  No one could say why the service was down. Users should never be the first to notice an
  outage, and the on-call engineer needs data to find the cause.

  A pass shows that metrics, logs and alarms exist. It does not show that anyone looks at them.
  Where the load balancer of an alarm is known after apply, the alarm is taken to watch the load
  balancer of the plan if that is the only one.

  Background:
    Given the Terraform plan

  @OBS-01 @severity:medium @soc2:CC7.2 @wa:REL06
  Rule: OBS-01 ECS cluster monitoring

    Without Container Insights there are no metrics of tasks to alarm on.

    Scenario: OBS-01.1 ECS clusters should have Container Insights enabled
      When we examine every planned ECS cluster
      Then Container Insights must be enabled

  @OBS-02 @severity:medium @soc2:CC7.2 @wa:REL06
  Rule: OBS-02 Database monitoring and logging

    The metrics and logs of a slow database show which query is the cause.

    A pass shows that monitoring and the export of logs are enabled; one kind of log of the engine
    is enough. It does not show that every kind of log is exported. SQL Server, Oracle and Db2 state
    in SQL what they audit and are not examined for it.

    Scenario: OBS-02.1 RDS DB instances and clusters should have Performance Insights enabled
      When we examine every planned RDS DB instance
      Then Performance Insights must be enabled

    Scenario: OBS-02.2 RDS DB instances and clusters should have Enhanced Monitoring at least every 60 seconds
      When we examine every planned RDS DB instance
      Then the Enhanced Monitoring interval must be at most 60 seconds

    Scenario: OBS-02.3 RDS DB instances and clusters should export logs to CloudWatch Logs
      When we examine every planned RDS DB instance
      Then log export to CloudWatch Logs must be enabled

    Scenario: OBS-02.4 RDS DB instances and clusters should log connections, DDL and slow statements
      When we examine every planned RDS DB instance
      Then it must log connections, disconnections, DDL and statements over 1 second

  @OBS-03 @severity:medium @nist:AU-2 @nist:AU-12 @soc2:CC7.2 @wa:SEC04
  Rule: OBS-03 Access logging

    Without access logs, an incident cannot be traced to its requests.

    A pass shows that access logging is enabled, and that the bucket for the access logs of a load
    balancer takes them, if the bucket is in this plan. Gateway Load Balancers and directory buckets
    have no access logs, and Classic Load Balancers are not examined either. It does not show buckets that hold logs: those are
    exempt from access logging.

    Scenario: OBS-03.1 Load balancers should have access logging to a bucket that accepts the logs
      When we examine every planned load balancer
      Then access logging must be enabled

    Scenario: OBS-03.2 S3 buckets should have server access logging enabled
      When we examine every planned S3 bucket
      Then access logging must be enabled

  @OBS-04 @severity:high @nist:SI-4 @soc2:CC7.2 @wa:REL06
  Rule: OBS-04 Alarms on service health

    Users should not be the first to notice errors, latency or missing tasks.

    A pass shows that an alarm on each metric can fire, does so within the time in
    policies/parameters.toml, and notifies someone, itself or through a composite alarm. Scaling
    actions notify no one. It does not show that the threshold is right. An alarm on an expression
    is undetermined.

    Scenario: OBS-04.1 Application Load Balancers should have alarms on errors, latency and unhealthy targets
      When we examine every planned Application Load Balancer
      Then CloudWatch alarms must watch "HTTPCode_Target_5XX_Count, TargetResponseTime, UnHealthyHostCount"

    Scenario: OBS-04.2 RDS DB instances and clusters should have alarms on CPU utilization and free storage
      When we examine every planned RDS DB instance
      Then CloudWatch alarms must watch "CPUUtilization, FreeStorageSpace"

    Scenario: OBS-04.3 ECS services should have an alarm on the running task count
      When we examine every planned ECS service
      Then CloudWatch alarms must watch "RunningTaskCount"

  @OBS-05 @severity:high @nist:SI-4 @soc2:CC7.2 @wa:REL06
  Rule: OBS-05 Alert delivery

    An alarm without an action, and a topic without a subscription, notify no one.

    A pass shows that an action is enabled, its own or that of a composite alarm, and that the policy
    and the key of its topic let CloudWatch publish, if they are in this plan. It shows a
    subscription that is not known to be unconfirmed, and whose filter lets alarms through if alarms
    use the topic. It does not show that anyone reads the message.

    Scenario: OBS-05.1 CloudWatch alarms should have alarm actions enabled that CloudWatch can perform
      When we examine every planned CloudWatch alarm
      Then alarm actions must be enabled

    Scenario: OBS-05.2 SNS topics should have a subscription that receives messages
      When we examine every planned SNS topic
      Then it must have a subscription

    Scenario: OBS-05.3 RDS databases should have event notifications for failure, failover and low storage
      When we examine every planned RDS DB instance
      Then it must have event notifications for "availability, failover, failure, low storage"

