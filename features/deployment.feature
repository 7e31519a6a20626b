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

    Scenario: DEP-02.1 Health checks ask the endpoint that the service offers for it
      When we examine every target group of a load balancer
      Then each one asks its targets for "/health"

  @DEP-03 @severity:medium @wa:REL11
  Rule: DEP-03 New tasks get the time to start

    Scenario: DEP-03.1 A task that starts is not taken for a broken one
      When we examine every service that will exist after the change
      Then each one behind a load balancer gives new tasks at least 30 seconds to start
