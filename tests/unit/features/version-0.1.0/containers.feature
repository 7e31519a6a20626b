@area:security
Feature: Containers: what runs, and what it may do to its machine

  An image is somebody else's code with ours on top. What runs must be what was tested, and whoever
  breaks in should find nothing to work with.

  A pass shows how the containers are started. It does not show that the image is free of faults.

  Background:
    Given the planned change to our infrastructure

  @CON-01 @severity:high @nist:SI-7 @soc2:CC8.1
  Rule: CON-01 What runs is what was tested

    Scenario: CON-01.1 Every container runs an image that nobody can exchange
      When we examine every task definition that will exist after the change
      Then each container names its image by digest

  @CON-02 @severity:medium @nist:AC-6 @nist:CM-7 @soc2:CC6.1 @wa:SEC06
  Rule: CON-02 A container is shut in

    Scenario: CON-02.1 No container runs as root
      When we examine every task definition that will exist after the change
      Then each container runs as a user that is not root

    Scenario: CON-02.2 No container changes its own files
      When we examine every task definition that will exist after the change
      Then no container can change its own files

    Scenario: CON-02.3 No container has privileges of its machine
      When we examine every task definition that will exist after the change
      Then no container has privileges of the machine

  @CON-03 @severity:medium @wa:REL11
  Rule: CON-03 A container that hangs is replaced

    Scenario: CON-03.1 ECS asks every container whether it is well
      When we examine every task definition that will exist after the change
      Then ECS asks each container whether it is well

  @CON-04 @severity:medium @nist:SI-7 @soc2:CC8.1
  Rule: CON-04 A tag means one image for ever

    Scenario: CON-04.1 No image repository lets a tag move
      When we examine every image repository that will exist after the change
      Then a tag in each one keeps the image that it was given

  @CON-05 @severity:medium @nist:RA-5 @soc2:CC7.1 @wa:SEC06
  Rule: CON-05 Known vulnerabilities are found

    Scenario: CON-05.1 Every image is scanned when it is pushed
      When we examine every image repository that will exist after the change
      Then each one is searched for known vulnerabilities on every push
