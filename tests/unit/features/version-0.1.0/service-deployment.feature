@area:reliability
Feature: Health: the load balancer asks our service where it answers

  Our service tells at /health whether it can work: it asks its database there. Any other path answers
  while the database is gone.

  A pass shows which path is asked. It does not show that the answer is honest.

  Background:
    Given the planned change to our infrastructure

  @DEP-02 @severity:medium @wa:REL11
  Rule: DEP-02 The load balancer asks the service whether it is well

    Scenario: DEP-02.1 Health checks ask the endpoint that the service offers for it
      When we examine every target group of a load balancer
      Then each one asks its targets for "/health"
