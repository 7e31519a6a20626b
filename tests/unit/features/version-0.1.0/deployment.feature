@area:reliability
Feature: Deployment: a bad release ends by itself

  Most outages follow a change of our own. A release that does not start must go back without
  somebody awake.

  A pass shows that the platform stops a failing deployment. It does not show that the health check
  notices every failure.

  Background:
    Given the planned change to our infrastructure

  @DEP-01 @severity:high @soc2:CC8.1 @wa:OPS06
  Rule: DEP-01 A failed deployment rolls back

    Scenario: DEP-01.1 Deployments roll back by themselves
      When we examine every service that will exist after the change
      Then a failed deployment of each one rolls back by itself

  @DEP-02 @severity:medium @wa:REL11
  Rule: DEP-02 The load balancer asks the service whether it is well

    Scenario: DEP-02.2 Health checks take only success for healthy
      When we examine every target group of a load balancer
      Then each one believes answers of success only

    Scenario: DEP-02.3 A dead task is out within a minute
      When we examine every target group of a load balancer
      Then each one finds a dead target within 60 seconds

  @DEP-03 @severity:medium @wa:REL11
  Rule: DEP-03 New tasks get the time to start

    Scenario: DEP-03.1 A task that starts is not taken for a broken one
      When we examine every service that will exist after the change
      Then each one behind a load balancer gives new tasks at least 30 seconds to start

  @DEP-04 @severity:high @soc2:CC8.1 @wa:REL08
  Rule: DEP-04 A deployment takes nothing away

    Scenario: DEP-04.1 All tasks stay until the new ones are healthy
      When we examine every service that will exist after the change
      Then each one keeps 100 % of its tasks while it is deployed

  @DEP-05 @severity:low @wa:REL08
  Rule: DEP-05 A deployment does not drag on

    Scenario: DEP-05.1 A task that leaves is let go within two minutes
      When we examine every target group of a load balancer
      Then each one lets a target go within 120 seconds

  @DEP-06 @severity:medium @soc2:CC8.1 @wa:OPS06
  Rule: DEP-06 A deployment is done when it runs

    Scenario: DEP-06.1 An apply waits for the new tasks
      When we examine every service that will exist after the change
      Then an apply ends only when its new tasks run
