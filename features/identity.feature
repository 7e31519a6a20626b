@area:security
Feature: Identity: least privilege and trust

  An attacker who takes over a container has the permissions of its role. A role with full access
  turns one vulnerable library into the loss of the account.

  A pass shows that the roles name their actions and resources. It does not show that each
  permission is needed.

  Background:
    Given the Terraform plan

  @IDN-01 @severity:critical @cis:1.16 @nist:AC-6 @soc2:CC6.1
  Rule: IDN-01 Least privilege

    A role with more permissions than its task needs gives them to whoever takes over the task.

    A pass shows that a role has no wildcard in its actions and that each resource begins with a name,
    in one account and region where it has them, except for actions that AWS cannot limit to a
    resource, and for those that a condition on a tag or an alias limits; that no role of a task can
    change permissions, start code with a role that it passes, or run code with the role of something
    else; that no policy grants administrative privileges (all actions, iam:*, NotAction, or such an
    AWS managed policy), and that none grants full access to a service: all its actions on all its
    resources, or an AWS managed policy FullAccess. It does not show that a resource such as
    arn:aws:s3:::images-* is narrow enough.

    Scenario: IDN-01.1 ECS task and execution roles should not allow wildcard actions or all resources
      When we examine every planned ECS task definition
      Then its roles must not allow wildcard actions or all resources

    Scenario: IDN-01.2 IAM policies should not grant administrative privileges
      When we examine every planned IAM policy
      Then it must not grant administrative privileges

    Scenario: IDN-01.3 IAM policies should not grant full access to an AWS service on all resources
      When we examine every planned IAM policy
      Then it must not grant full access to an AWS service

    Scenario: IDN-01.4 ECS task and execution roles should not allow privilege escalation
      When we examine every planned ECS task definition
      Then its roles must not allow privilege escalation

  @IDN-02 @severity:high @nist:AC-6 @soc2:CC6.1 @wa:SEC03
  Rule: IDN-02 Separate task and execution roles

    The execution role reads secrets and pulls images before the application starts. The application
    does not need these permissions.

    A pass shows that the two roles differ; a task with only one of them passes. It does not compare
    their permissions.

    Scenario: IDN-02.1 ECS task definitions should use separate task and execution roles
      When we examine every planned ECS task definition
      Then it must have separate task and execution roles

  @IDN-03 @severity:medium @nist:AC-3 @soc2:CC6.1 @wa:SEC03
  Rule: IDN-03 Trust policies of task roles

    A role that anyone else can assume gives away the permissions of the task.

    Scenario: IDN-03.1 ECS task and execution roles should trust only ECS tasks in this account
      When we examine every planned ECS task definition
      Then its roles must trust only ECS tasks in this account

  @IDN-04 @severity:medium @nist:AC-6 @nist:CM-7 @soc2:CC6.1
  Rule: IDN-04 ECS Exec access

    A shell in a running task bypasses review, logs and the release process.

    Scenario: IDN-04.1 ECS services should have ECS Exec disabled
      When we examine every planned ECS service
      Then ECS Exec must be disabled

  @IDN-05 @severity:high @nist:AC-3 @soc2:CC6.1 @wa:SEC03
  Rule: IDN-05 Resource-based policies

    A policy of a key, topic, queue, bucket or role can grant access to any account.

    A pass shows that no statement grants access to everyone, and that AWS services act only for
    this account. It does not show that each named principal needs its access.

    Scenario: IDN-05.1 Resource-based policies should not grant public access or wildcard actions
      When we examine every planned resource-based policy
      Then it must not grant public access or wildcard actions

    Scenario: IDN-05.2 Resource-based policies should limit AWS service principals to this account
      When we examine every planned resource-based policy
      Then it must limit AWS service principals to this account
