@area:security
Feature: Containers: image integrity and runtime hardening

  Most of an image is third-party code. The image that runs must be the image that was tested, and
  an attacker who breaks into a container should gain no further privileges.

  A pass shows how the containers are started. It does not show that the image is free of
  vulnerabilities.

  Background:
    Given the Terraform plan

  @CON-01 @severity:high @nist:SI-7 @soc2:CC8.1
  Rule: CON-01 Image integrity

    A tag can be moved to another image after the tests have passed. A digest cannot.

    Scenario: CON-01.1 ECS containers should reference images by digest
      When we examine every planned ECS task definition
      Then every container must have an image digest

  @CON-02 @severity:medium @nist:AC-6 @nist:CM-7 @soc2:CC6.1 @wa:SEC06
  Rule: CON-02 Container hardening

    An attacker who runs code in a container should not be able to change its files or reach its
    host.

    A pass shows the user, the root filesystem and the Linux capabilities of each container. It does
    not show volumes, which stay writable.

    Scenario: CON-02.1 ECS containers should run as a non-root user
      When we examine every planned ECS task definition
      Then every container must have a non-root user

    Scenario: CON-02.2 ECS containers should have a read-only root filesystem
      When we examine every planned ECS task definition
      Then every container must have a read-only root filesystem

    Scenario: CON-02.3 ECS containers should run unprivileged, drop all Linux capabilities and add none
      When we examine every planned ECS task definition
      Then every container must run unprivileged and drop all Linux capabilities

  @CON-03 @severity:medium @wa:REL11
  Rule: CON-03 Container health checks

    A process that hangs still runs. ECS replaces it only when a health check fails.

    A pass shows a command that can fail, unlike `exit 0` or `curl ... || true`. It does not show what
    the command tests.

    Scenario: CON-03.1 ECS containers should have a health check that can fail
      When we examine every planned ECS task definition
      Then every container must have a health check

  @CON-04 @severity:medium @nist:SI-7 @soc2:CC8.1
  Rule: CON-04 Image tag immutability

    With mutable tags, a tag that was tested can name another image tomorrow.

    Scenario: CON-04.1 ECR repositories should have tag immutability enabled
      When we examine every planned ECR repository
      Then tag immutability must be enabled

  @CON-05 @severity:medium @nist:RA-5 @soc2:CC7.1 @wa:SEC06
  Rule: CON-05 Image vulnerability scanning

    A vulnerability that is published today is in the images of last year.

    A pass shows the setting of the repository. It does not show scanning that is configured for the
    whole registry: such a repository is violated.

    Scenario: CON-05.1 ECR repositories should have scan on push enabled
      When we examine every planned ECR repository
      Then scan on push must be enabled
