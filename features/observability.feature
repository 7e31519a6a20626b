@area:operations
Feature: Observability: we hear of it first, and can see why

  When the service was down nobody could say why. Users should never be the first to notice, and
  whoever is called needs something to look at.

  A pass shows that figures, logs and alarms are there. It does not show that somebody looks at them,
  nor that an alarm whose load balancer only apply knows is about the one in the plan, if it is the
  only one.

  Background:
    Given the Terraform plan

  @OBS-01 @severity:medium @soc2:CC7.2 @wa:REL06
  Rule: OBS-01 Tasks can be watched

    Scenario: OBS-01.1 Every cluster gives figures of its tasks
      When we examine every planned ECS cluster
      Then Container Insights must be enabled

  @OBS-02 @severity:medium @soc2:CC7.2 @wa:REL06
  Rule: OBS-02 Databases can be watched

    Scenario: OBS-02.1 Every database shows what its queries wait for
      When we examine every planned RDS DB instance
      Then Performance Insights must be enabled

    Scenario: OBS-02.2 Every database reports on its machine
      When we examine every planned RDS DB instance
      Then the Enhanced Monitoring interval must be at most 60 seconds

    Scenario: OBS-02.3 The logs of every database can be searched
      When we examine every planned RDS DB instance
      Then log export to CloudWatch Logs must be enabled

    Scenario: OBS-02.4 The log of every database says who connects, and what is slow
      When we examine every planned RDS DB instance
      Then it must log connections, disconnections, DDL and statements over 1 second

  @OBS-03 @severity:medium @nist:AU-2 @nist:AU-12 @soc2:CC7.2 @wa:SEC04
  Rule: OBS-03 Requests leave a trace

    Scenario: OBS-03.1 Every load balancer writes down its requests
      When we examine every planned load balancer
      Then access logging must be enabled

    Scenario: OBS-03.2 Every bucket has its requests written down
      When we examine every planned S3 bucket
      Then access logging must be enabled

  @OBS-04 @severity:high @nist:SI-4 @soc2:CC7.2 @wa:REL06
  Rule: OBS-04 Alarms ring for what ends the service

    Scenario: OBS-04.1 Alarms watch what users notice
      When we examine every planned load balancer
      Then CloudWatch alarms must watch "HTTPCode_Target_5XX_Count, TargetResponseTime, UnHealthyHostCount"

    Scenario: OBS-04.2 Alarms watch what a database runs out of
      When we examine every planned RDS DB instance
      Then CloudWatch alarms must watch "CPUUtilization, FreeStorageSpace"

    Scenario: OBS-04.3 An alarm watches for missing tasks
      When we examine every planned ECS service
      Then CloudWatch alarms must watch "RunningTaskCount"

  @OBS-05 @severity:high @nist:SI-4 @soc2:CC7.2 @wa:REL06
  Rule: OBS-05 An alarm reaches somebody

    Scenario: OBS-05.1 No alarm rings unheard
      When we examine every planned CloudWatch alarm
      Then alarm actions must be enabled

    Scenario: OBS-05.2 Somebody receives every message
      When we examine every planned SNS topic
      Then it must have a subscription

    Scenario: OBS-05.3 Somebody hears what AWS says of every database
      When we examine every planned RDS DB instance
      Then it must have event notifications for "availability, failover, failure, low storage"

