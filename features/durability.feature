@area:reliability
Feature: Durability: lost data can be restored

  People delete the wrong rows, and faulty releases corrupt good ones. Such damage is often noticed
  weeks later, so a database must be able to go back to any moment since then.

  A pass shows that the planned change leaves every database with backups and guards. It does not show
  that a restore has been rehearsed.

  Background:
    Given the planned change to our infrastructure

  @DUR-01 @severity:high @nist:CP-9 @soc2:A1.2 @wa:REL09
  Rule: DUR-01 A database can go back to any moment of the last 35 days

    Scenario: DUR-01.1 Every database keeps its backups long enough
      When we examine every database that will exist after the change
      Then each one keeps its backups for at least 35 days

  @DUR-02 @severity:high @nist:CP-9 @soc2:A1.2
  Rule: DUR-02 A database is hard to delete

    Scenario: DUR-02.1 No database can be deleted by a slip
      When we examine every database that will exist after the change
      Then each one is protected from deletion

    Scenario: DUR-02.2 A database that is deleted leaves a last snapshot
      When we examine every database that will exist after the change
      Then each one leaves a snapshot behind when it is deleted
