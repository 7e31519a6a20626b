@area:security
Feature: Secrets: where passwords and keys stand

  A plain environment variable is shown in the console, in the state, in every plan and in many a log.
  Whoever may look at the task definition has the password.

  A pass shows that no secret stands in the plain environment of a container. It does not show that
  the application keeps it to itself.

  Background:
    Given the planned change to our infrastructure

  @SEC-01 @severity:critical @nist:IA-5 @soc2:CC6.1
  Rule: SEC-01 Secrets are passed by reference

    Scenario: SEC-01.1 No container has a secret in its plain environment
      When we examine every task definition that will exist after the change
      Then no container has a secret in its plain environment

  @SEC-02 @severity:critical @nist:IA-5 @soc2:CC6.1
  Rule: SEC-02 Nobody knows the master password

    Scenario: SEC-02.1 RDS makes and keeps the master password of every database
      When we examine every database that will exist after the change
      Then its master password is made and kept by RDS

  @SEC-03 @severity:critical @nist:IA-5 @soc2:CC6.1
  Rule: SEC-03 Plans hold no secrets

    Scenario: SEC-03.1 No variable hands a secret to the plan
      When we examine every variable of the configuration
      Then none of them hands a secret to the plan

    Scenario: SEC-03.2 No output hands out a secret
      When we examine every output of the configuration
      Then no output hands out a secret
