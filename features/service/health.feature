@area:reliability
Feature: Health: the health check path of our service

  Our service reports at /health whether it can work, and queries its database to find out. Any
  other path answers even while the database is unavailable.

  A pass shows which path is requested. It does not show that the answer is correct.

  Background:
    Given the Terraform plan

  @DEP-02 @severity:medium @wa:REL11
  Rule: DEP-02 Load balancer health checks

    Scenario: DEP-02.1 Target groups with HTTP health checks should use /health as their path
      When we examine every planned target group
      Then the health check path must be "/health"
