@area:operations
Feature: Observability: we hear of it first, and can see why

  When the service was down nobody could say why. Users should never be the first to notice, and
  whoever is called needs something to look at.

  A pass shows that figures, logs and alarms are there. It does not show that somebody looks at them,
  nor that an alarm whose load balancer only apply knows is about the one in the plan, if it is the
  only one.

  Background:
    Given the planned change to our infrastructure

  @OBS-01 @severity:medium @soc2:CC7.2 @wa:REL06
  Rule: OBS-01 Tasks can be watched

    Scenario: OBS-01.1 Every cluster gives figures of its tasks
      When we examine every cluster that will exist after the change
      Then each one gives figures of its tasks

  @OBS-02 @severity:medium @soc2:CC7.2 @wa:REL06
  Rule: OBS-02 Databases can be watched

    Scenario: OBS-02.1 Every database shows what its queries wait for
      When we examine every database that will exist after the change
      Then each one shows what its queries wait for

    Scenario: OBS-02.2 Every database reports on its machine
      When we examine every database that will exist after the change
      Then each one reports on its machine every 60 seconds or more often

    Scenario: OBS-02.3 The logs of every database can be searched
      When we examine every database that will exist after the change
      Then its logs are sent where they can be searched

    Scenario: OBS-02.4 The log of every database says who connects, and what is slow
      When we examine every database that will exist after the change
      Then its log says who connects, who changes tables, and what takes longer than 1 second

  @OBS-03 @severity:medium @nist:AU-2 @nist:AU-12 @soc2:CC7.2 @wa:SEC04
  Rule: OBS-03 Requests leave a trace

    Scenario: OBS-03.1 Every load balancer writes down its requests
      When we examine every load balancer that will exist after the change
      Then each one writes down the requests that it gets

    Scenario: OBS-03.2 Every bucket has its requests written down
      When we examine every bucket that will exist after the change
      Then each one that holds no logs has its requests logged

  @OBS-04 @severity:high @nist:SI-4 @soc2:CC7.2 @wa:REL06
  Rule: OBS-04 Alarms ring for what ends the service

    Scenario: OBS-04.1 Alarms watch what users notice
      When we examine every load balancer that will exist after the change
      Then alarms watch its errors, its latency and its unhealthy targets

    Scenario: OBS-04.2 Alarms watch what a database runs out of
      When we examine every database that will exist after the change
      Then alarms watch its processor and its free storage

    Scenario: OBS-04.3 An alarm watches for missing tasks
      When we examine every service that will exist after the change
      Then an alarm watches how many of its tasks run

  @OBS-05 @severity:high @nist:SI-4 @soc2:CC7.2 @wa:REL06
  Rule: OBS-05 An alarm reaches somebody

    Scenario: OBS-05.1 No alarm rings unheard
      When we examine every alarm
      Then each one is switched on and tells somebody

    Scenario: OBS-05.2 Somebody receives every message
      When we examine every topic for messages
      Then somebody receives what is said there

    Scenario: OBS-05.3 Somebody hears what AWS says of every database
      When we examine every database that will exist after the change
      Then somebody is told when it fails, moves or runs out of room

