@area:security
Feature: Secrets: no credentials in plain text

  A plain environment variable is visible in the console, in the state, in every plan and in many
  logs. Anyone who may read the task definition has the password.

  A pass shows that no container definition and no Lambda function holds a secret, by the name of
  each variable or option and the form of each value. It does not show a secret of another form
  under another name, or that the application keeps its secrets confidential.

  Background:
    Given the Terraform plan

  @SEC-01 @severity:critical @nist:IA-5 @soc2:CC6.1
  Rule: SEC-01 Secrets of containers and functions

    Examined are the environment, the command, the entry point, the health check, the labels, the
    log options and the options of the log router of a container, and the environment of a function.

    Scenario: SEC-01.1 ECS container definitions should not contain secrets
      When we examine every planned ECS task definition
      Then the container definition must not contain a secret

    Scenario: SEC-01.2 Lambda function environment variables should not contain secrets
      When we examine every planned Lambda function
      Then its environment must not contain a secret

  @SEC-02 @severity:critical @nist:IA-5 @soc2:CC6.1
  Rule: SEC-02 Managed master passwords

    A password in a variable is in the state, in every plan, and in the memory of whoever chose it.

    A pass shows that AWS manages the password, for RDS in AWS Secrets Manager, or that there is
    none. It does not show who may read that secret.

    Scenario: SEC-02.1 RDS DB instances and other AWS databases should have a managed master password
      When we examine every planned database
      Then password management in Secrets Manager must be enabled

  @SEC-03 @severity:critical @nist:IA-5 @soc2:CC6.1
  Rule: SEC-03 Secrets in variables and outputs

    Every value of a variable or output is in the plan file and in the state, even if it is marked
    as sensitive.

    A pass shows that no name or value looks like a secret, also inside objects, lists and JSON
    texts, and that no output is made of an attribute that its provider marks as sensitive. It does
    not show secrets under other names. An output that is only marked as sensitive itself passes.

    Scenario: SEC-03.1 Input variables should not contain secrets
      When we examine every input variable of the configuration
      Then its value must not contain a secret

    Scenario: SEC-03.2 Output values should not contain secrets
      When we examine every output value of the configuration
      Then its value must not contain a secret
