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

    Health checks over TCP and gRPC have no HTTP status codes, and functions no health check unless it
    is enabled: those are not examined.

    Scenario: DEP-02.2 Target groups with HTTP health checks should accept only 2xx responses as healthy
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
    deployment and rollback longer. A delay of 0 drops requests in flight, and is violated too. Target
    groups of functions have no delay.

    Scenario: DEP-05.1 Target groups should have a deregistration delay of at most 120 seconds
      When we examine every planned target group
      Then the deregistration delay must be at most 120 seconds

  @DEP-06 @severity:medium @soc2:CC8.1 @wa:OPS06
  Rule: DEP-06 Steady state before apply ends

    The pipeline reported success before any task was running.

    Scenario: DEP-06.1 ECS services should wait for a steady state during apply
      When we examine every planned ECS service
      Then waiting for steady state must be enabled

  @DEP-07 @severity:high @wa:REL08
  Rule: DEP-07 Dependencies of ECS services

    A task that cannot read its parameters does not start. In a new environment the service started
    before they were made, and the circuit breaker had nothing to roll back to.

    A pass shows that the configuration makes the service depend on each SSM parameter, secret and
    secret version of the plan that its containers name, and so on whatever those are made of. It does
    not show what exists outside the plan.

    Scenario: DEP-07.1 ECS services should depend on the parameters and secrets that their containers read
      When we examine every planned ECS service
      Then it must depend on the parameters and secrets that its containers read

  @DEP-08 @severity:medium @soc2:CC8.1 @wa:OPS06
  Rule: DEP-08 Task definition revisions for rollback

    Terraform deregisters the previous revision of a task definition. ECS starts no new task from a
    deregistered revision, so a rollback fails when it is needed.

    Scenario: DEP-08.1 ECS task definitions should keep their previous revisions registered
      When we examine every planned ECS task definition
      Then keeping old revisions must be enabled
