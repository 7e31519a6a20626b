@area:reliability
Feature: Durability: backups and deletion safeguards

  People delete the wrong rows, and faulty releases corrupt valid ones. Such damage is often noticed
  weeks later, so a database must be restorable to a time before it.

  A pass shows that the planned change leaves databases, buckets and tables with backups and
  safeguards against deletion. It does not show that a restore has been rehearsed.

  Background:
    Given the Terraform plan

  @DUR-01 @severity:high @nist:CP-9 @soc2:A1.2 @wa:REL09
  Rule: DUR-01 Backup retention

    Damage is often noticed weeks later, when short backups are already expired. Amazon Aurora,
    DocumentDB, Neptune, Redshift, MemoryDB and others are judged too; DynamoDB tables are not.

    A pass shows how long automated backups are retained. It does not show that a restore to a point
    in time works.

    Scenario: DUR-01.1 RDS DB instances and other AWS databases should retain backups for at least 35 days
      When we examine every planned database
      Then backup retention must be at least 35 days

  @DUR-02 @severity:high @nist:CP-9 @soc2:A1.2
  Rule: DUR-02 Database deletion safeguards

    A database that is deleted accidentally takes its data and its backups with it.

    A pass shows deletion protection, the final snapshot and the retained backups. Where AWS offers
    no deletion protection for a kind of database, the answer is undetermined. It does not show that
    a restore works.

    Scenario: DUR-02.1 RDS DB instances and other AWS databases should have deletion protection enabled
      When we examine every planned database
      Then deletion protection must be enabled

    Scenario: DUR-02.2 RDS DB instances and clusters should create a final snapshot on deletion
      When we examine every planned RDS DB instance
      Then the final snapshot on deletion must be enabled

    Scenario: DUR-02.3 RDS DB instances and clusters should retain automated backups after deletion
      When we examine every planned RDS DB instance
      Then backup retention after deletion must be enabled

  @DUR-03 @severity:medium @nist:CP-9 @soc2:A1.2 @wa:REL09
  Rule: DUR-03 Object versioning

    An object that is overwritten or deleted can only be restored from an earlier version, for as long
    as a lifecycle rule keeps it.

    A pass shows versioning, and that no lifecycle rule expires a noncurrent version earlier. It does not
    show that a restore works. Directory buckets have no versioning and are not examined.

    Scenario: DUR-03.1 S3 buckets should have versioning enabled
      When we examine every planned S3 bucket
      Then versioning must be enabled

    Scenario: DUR-03.2 S3 buckets should retain noncurrent object versions for at least 7 days
      When we examine every planned S3 bucket
      Then noncurrent version retention must be at least 7 days

  @DUR-04 @severity:high @soc2:A1.2 @wa:REL09
  Rule: DUR-04 Force deletion of stored data

    With force deletion, Terraform deletes uploaded files and container images together with their
    bucket or repository.

    Scenario: DUR-04.1 S3 buckets and ECR repositories should have force deletion disabled
      When we examine every planned S3 bucket or ECR repository
      Then force deletion must be disabled

  @DUR-05 @severity:high @nist:CP-9 @soc2:A1.2 @wa:REL09
  Rule: DUR-05 DynamoDB point-in-time recovery

    A faulty release can overwrite a table faster than any scheduled backup.

    A pass shows that point-in-time recovery is enabled in each region; AWS has it off unless it is written. It does not show for how
    many days: 1 is the minimum, and 35 is the default.

    Scenario: DUR-05.1 DynamoDB tables and their replicas should have point-in-time recovery enabled
      When we examine every planned DynamoDB table
      Then point-in-time recovery must be enabled
