@area:security
Feature: Identity: what our tasks may do

  Whoever takes over a container has its role. A role that may do everything turns one faulty library
  into the loss of the account.

  A pass shows that the roles name their actions and resources. It does not show that each of them is
  needed.

  Background:
    Given the planned change to our infrastructure

  @IDN-01 @severity:critical @cis:1.16 @nist:AC-6 @soc2:CC6.1
  Rule: IDN-01 A role may do only what its task needs

    Scenario: IDN-01.1 No task has a role with wildcards
      When we examine every task definition that will exist after the change
      Then its roles name each action and resource, without wildcards

    Scenario: IDN-01.2 No policy allows everything, whoever has it
      When we examine every policy for users and roles
      Then none of them allows everything

  @IDN-02 @severity:high @nist:AC-6 @soc2:CC6.1 @wa:SEC03
  Rule: IDN-02 A role serves one purpose

    Scenario: IDN-02.1 The application cannot do what starts it
      When we examine every task definition that will exist after the change
      Then each one has a role for the task and another for its execution

  @IDN-03 @severity:medium @nist:AC-3 @soc2:CC6.1 @wa:SEC03
  Rule: IDN-03 Nobody else can take a role of ours

    Scenario: IDN-03.1 Only ECS takes the roles of our tasks, and only for us
      When we examine every task definition that will exist after the change
      Then only ECS can take its roles, and only for our account

  @IDN-04 @severity:medium @nist:AC-6 @nist:CM-7 @soc2:CC6.1
  Rule: IDN-04 Nobody works inside a running task

    Scenario: IDN-04.1 No service offers a shell
      When we examine every service that will exist after the change
      Then nobody can open a shell in its tasks

  @IDN-05 @severity:high @nist:AC-3 @soc2:CC6.1 @wa:SEC03
  Rule: IDN-05 What we own answers only to whom we named

    Scenario: IDN-05.1 No key, topic, queue, bucket or role lets everybody in
      When we examine every policy that says who may use something of ours
      Then each one names who may come, and what for

    Scenario: IDN-05.2 A service of AWS uses what is ours for us only
      When we examine every policy that says who may use something of ours
      Then each service that it lets in acts for our account
