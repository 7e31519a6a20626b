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

    Scenario: DUR-02.3 Backups stay when their database is deleted
      When we examine every database that will exist after the change
      Then its backups stay when it is deleted

  @DUR-03 @severity:medium @nist:CP-9 @soc2:A1.2 @wa:REL09
  Rule: DUR-03 What was overwritten can be had back

    Scenario: DUR-03.1 Every bucket keeps old versions
      When we examine every bucket that will exist after the change
      Then each one keeps what is overwritten or deleted

  @DUR-04 @severity:high @nist:SI-12 @soc2:A1.2
  Rule: DUR-04 Images are hard to delete

    Scenario: DUR-04.1 Nothing is deleted together with what is in it
      When we examine every bucket and image repository that will exist after the change
      Then none is deleted together with what is in it

  @DUR-05 @severity:high @nist:CP-9 @soc2:A1.2 @wa:REL09
  Rule: DUR-05 A table can go back to an earlier moment

    A pass shows that point-in-time recovery is on. It does not show for how many days back: one is the
    least, and 35 what AWS gives where nobody asks for fewer.

    Scenario: DUR-05.1 Every DynamoDB table can go back to an earlier moment, in each region
      When we examine every DynamoDB table that will exist after the change
      Then each one has point-in-time recovery, and so has each replica
