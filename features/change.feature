@area:reliability
Feature: Change: nothing that holds data is destroyed

  A renamed resource or an argument that cannot change in place makes Terraform delete and create
  again. For a task that is a deployment; for a database it is the end of the data.

  A pass shows that the plan leaves everything in place that holds data. It does not show that the
  data in it is right.

  Background:
    Given the planned change to our infrastructure

  @CHG-01 @severity:critical @nist:CM-3 @nist:CP-9 @soc2:CC8.1
  Rule: CHG-01 What holds data stays

    Scenario: CHG-01.1 No resource that holds data is destroyed or replaced
      When we examine every change to a resource that holds data
      Then none of them is destroyed, replaced or dropped

  @CHG-02 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-02 What everybody depends on stays

    Scenario: CHG-02.1 No load balancer can be deleted by a slip
      When we examine every load balancer that will exist after the change
      Then each one is protected from being deleted by a slip

  @CHG-03 @severity:medium @cis:2.3.2 @nist:SI-2 @soc2:CC7.1
  Rule: CHG-03 Security fixes come by themselves

    Scenario: CHG-03.1 Every database takes security fixes by itself
      When we examine every database that will exist after the change
      Then each one takes security fixes by itself

  @CHG-04 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-04 What interrupts waits for a quiet hour

    Scenario: CHG-04.1 Changes to a database wait for its window
      When we examine every database that will exist after the change
      Then changes to it wait for its maintenance window

  @CHG-05 @severity:medium @nist:SI-2 @soc2:CC7.1
  Rule: CHG-05 Versions reach their end after we have left them

    Scenario: CHG-05.1 Every database is of a supported version
      When we examine every database that will exist after the change
      Then each one is of a supported version

  @CHG-06 @severity:medium @nist:CM-3 @nist:SI-7 @soc2:CC8.1
  Rule: CHG-06 The same commit is the same plan

    Scenario: CHG-06.1 Every provider is bound to a version
      When we examine every provider of the configuration
      Then each one is bound to versions that end somewhere

  @CHG-07 @severity:low @nist:CM-3 @soc2:CC8.1
  Rule: CHG-07 A slip of the pen is no change

    Scenario: CHG-07.1 Every variable refuses what cannot be
      When we examine every variable of the configuration
      Then each one has a condition that refuses wrong values

  @CHG-08 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-08 A service finds its database by itself

    Scenario: CHG-08.1 The host of the database is not copied by hand
      When we examine every task definition that will exist after the change
      Then each one gets the host of its database from the database itself
