@area:reliability
Feature: Change: nothing that holds data is destroyed, and no guard is taken away

  A renamed resource or an argument that cannot change in place makes Terraform delete and create
  again. For a task that is a deployment; for a database it is the end of the data. A guard that goes
  with one line of a large change is seen by nobody: opened networks, wider rights, encryption or
  backups switched off. So every change is compared with how things were before it.

  A pass shows that the plan leaves everything in place that holds data or may hold it, and takes no
  guard away from what exists. It does not show that the data is right, nor that what exists was well guarded: that is
  for the other requirements. What the plan makes has nothing before it and cannot get worse.

  Background:
    Given the planned change to our infrastructure

  @CHG-01 @severity:critical @nist:CM-3 @soc2:CC8.1
  Rule: CHG-01 What holds data stays

    The lists in policies/stores.toml say which types hold data. A type on no list that goes is undetermined,
    until [durability] in policies/parameters.toml says what is lost with it.

    Scenario: CHG-01.1 No resource that holds data is destroyed or replaced
      When we examine every change to a resource that holds data
      Then none of them is destroyed, replaced or dropped

  @CHG-02 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-02 What everybody depends on stays

    Scenario: CHG-02.1 No load balancer can be deleted by a slip
      When we examine every load balancer that will exist after the change
      Then each one is protected from being deleted by a slip

  @CHG-03 @severity:medium @cis:2.3.2 @nist:SI-2 @soc2:CC8.1
  Rule: CHG-03 Security fixes come by themselves

    Scenario: CHG-03.1 Every database takes security fixes by itself
      When we examine every database that will exist after the change
      Then each one takes security fixes by itself

    Scenario: CHG-03.2 No database pins a minor version that RDS raises by itself
      When we examine every database that will exist after the change
      Then none of them pins a minor version that RDS raises by itself

  @CHG-04 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-04 What interrupts waits for a quiet hour

    Scenario: CHG-04.1 Changes to a database wait for its window
      When we examine every database that will exist after the change
      Then changes to it wait for its maintenance window

  @CHG-05 @severity:medium @nist:SA-22 @soc2:CC8.1
  Rule: CHG-05 Versions reach their end after we have left them

    Scenario: CHG-05.1 Every database is of a supported version
      When we examine every database that will exist after the change
      Then each one is of a supported version

  @CHG-06 @severity:medium @nist:CM-3 @soc2:CC8.1
  Rule: CHG-06 The same commit is the same plan

    Scenario: CHG-06.1 Every provider is bound to a version
      When we examine every provider of the configuration
      Then each one is bound to versions that end somewhere

  @CHG-07 @severity:low @soc2:CC8.1
  Rule: CHG-07 A slip of the pen is no change

    Scenario: CHG-07.1 Every variable refuses what cannot be
      When we examine every variable of the configuration
      Then each one has a condition that refuses wrong values

  @CHG-08 @severity:medium @soc2:CC8.1
  Rule: CHG-08 A service finds its database by itself

    Scenario: CHG-08.1 The host of the database is not copied by hand
      When we examine every task definition that will exist after the change
      Then each one gets the host of its database from the database itself

  @CHG-11 @severity:critical @nist:SC-7 @nist:CM-3 @soc2:CC6.6 @wa:SEC05
  Rule: CHG-11 Nobody new gets in by the way

    @soft
    Scenario: CHG-11.1 No change lets more addresses into a network that exists
      When we examine every way into our networks
      Then none of our security groups lets in more than before

    Scenario: CHG-11.2 No change makes anything public that exists
      When we examine every change to what guards our networks
      Then nothing becomes public that was not

  @CHG-12 @severity:high @nist:AC-6 @nist:CM-3 @soc2:CC6.1 @wa:SEC03
  Rule: CHG-12 Rights grow only by decision

    @soft
    Scenario: CHG-12.1 No change gives a role or a caller more rights
      When we examine every policy that gives rights
      Then nobody may do more than before

  @CHG-13 @severity:critical @nist:SC-28 @nist:CP-9 @soc2:CC6.1 @wa:SEC08
  Rule: CHG-13 What guards our data stays

    Scenario: CHG-13.1 No change takes encryption away
      When we examine every change to what guards our data
      Then nothing is encrypted less than before

    Scenario: CHG-13.2 No change takes backups away
      When we examine every change to what guards our data
      Then nothing is backed up less than before
