@area:security
Feature: Identity: what our tasks may do

  Whoever takes over a container has its role. A role that may do everything turns one faulty library
  into the loss of the account.

  A pass shows that the roles name their actions and resources. It does not show that each of them is
  needed.

  Background:
    Given the planned change to our infrastructure

  @IDN-01 @severity:critical @nist:AC-6 @soc2:CC6.1
  Rule: IDN-01 A role may do only what its task needs

    Scenario: IDN-01.1 No task has a role with wildcards
      When we examine every task definition that will exist after the change
      Then its roles name each action and resource, without wildcards
