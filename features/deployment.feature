@area:reliability
Feature: Deployment: health checks and automatic rollback

  Most outages follow a change of our own. A release that does not start must roll back
  automatically, also at night.

  A pass shows that the platform stops a failing deployment. It does not show that the health check
  detects every failure.

  Background:
    Given the Terraform plan

  @DEP-01 @severity:high @soc2:CC8.1 @wa:OPS06
  Rule: DEP-01 Deployment circuit breaker

    A release that does not start should roll back automatically, not wait for an engineer.

    A pass shows the circuit breaker with rollback. It does not show a rollback by deployment
    alarms, which does not count here.

    Scenario: DEP-01.1 ECS services should have the deployment circuit breaker with rollback enabled
      When we examine every planned ECS service
      Then the deployment circuit breaker with rollback must be enabled

  @DEP-02 @severity:medium @wa:REL11
  Rule: DEP-02 Load balancer health checks

    A load balancer sends requests to a broken task until its health check fails.

    Scenario: DEP-02.2 Target groups should accept only 2xx responses as healthy
      When we examine every planned target group
      Then its health check must accept only 2xx status codes

    Scenario: DEP-02.3 Target groups should detect an unhealthy target within 60 seconds
      When we examine every planned target group
      Then the unhealthy target detection time must be at most 60 seconds

  @DEP-03 @severity:medium @wa:REL11
  Rule: DEP-03 Health check grace period

    Without a grace period, ECS stops tasks that are still starting, and the deployment never ends.

    Scenario: DEP-03.1 Load-balanced ECS services should have a health check grace period of at least 30 seconds
      When we examine every planned ECS service
      Then the health check grace period must be at least 30 seconds

  @DEP-04 @severity:high @soc2:CC8.1 @wa:REL08
  Rule: DEP-04 Minimum healthy percent during deployments

    A deployment that stops old tasks before the new ones are healthy reduces the capacity of the
    service. A maximum percent that leaves no room for one more task stops every deployment before it
    starts.

    A pass shows the two percentages, at the smallest number of tasks. Daemon services are not
    examined: ECS always stops the task of a daemon before it starts the new one.

    Scenario: DEP-04.1 ECS services should keep 100% of their tasks in a deployment and have room for another
      When we examine every planned ECS service
      Then the minimum healthy percent must be at least 100% and leave room to start a task

  @DEP-05 @severity:low @wa:REL08
  Rule: DEP-05 Deregistration delay

    A long deregistration delay keeps old and new tasks running in parallel, and makes every
    deployment and rollback longer. A delay of 0 drops requests in flight, and is violated too.

    Scenario: DEP-05.1 Target groups should have a deregistration delay of at most 120 seconds
      When we examine every planned target group
      Then the deregistration delay must be at most 120 seconds

  @DEP-06 @severity:medium @soc2:CC8.1 @wa:OPS06
  Rule: DEP-06 Steady state before apply ends

    The pipeline reported success before any task was running.

    Scenario: DEP-06.1 ECS services should wait for a steady state during apply
      When we examine every planned ECS service
      Then waiting for steady state must be enabled
