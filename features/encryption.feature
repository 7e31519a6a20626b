@area:security
Feature: Encryption: at rest and in transit

  Disks are replaced, snapshots are shared by mistake, and networks are shared. Encrypted data is
  useless to anyone who finds it.

  A pass shows that encryption is enabled. It does not show who may use the keys.

  Background:
    Given the Terraform plan

  @ENC-01 @severity:high @cis:2.3.1 @nist:SC-28 @soc2:CC6.1
  Rule: ENC-01 Database encryption at rest

    An unencrypted snapshot that is shared by mistake can be read by its recipient. Amazon Aurora,
    DocumentDB, Neptune, Redshift, MemoryDB and others are judged too; DynamoDB tables are not.

    A database that is restored, and a replica, is encrypted as its source is: it is undetermined
    while the plan does not show that source.

    Scenario: ENC-01.1 RDS DB instances and other AWS databases should have encryption at rest enabled
      When we examine every planned database
      Then encryption at rest must be enabled

  @ENC-02 @severity:high @nist:SC-28 @soc2:CC6.1
  Rule: ENC-02 S3 encryption with KMS keys

    A KMS key adds its own permissions and an audit log to the access to a bucket.

    A pass shows SSE-KMS as default encryption. It does not show whose key it is: the AWS managed
    key aws/s3 passes. A bucket that logs are written to, by an Application or Classic Load Balancer
    or by S3, may use SSE-S3: none of them can write with a KMS key.

    Scenario: ENC-02.1 S3 buckets should use SSE-KMS as default encryption
      When we examine every planned S3 bucket
      Then it must be encrypted with a KMS key

  @ENC-03 @severity:medium @cis:2.1.1 @nist:SC-8 @soc2:CC6.7
  Rule: ENC-03 S3 encryption in transit

    A request without TLS can be read and changed on its way.

    While the ARN of a bucket is known after apply, a plan does not show the paths behind it: two
    ARNs of the same bucket count as the bucket and its objects.

    Scenario: ENC-03.1 S3 buckets should deny requests without TLS
      When we examine every planned S3 bucket
      Then it must refuse connections without TLS

  @ENC-04 @severity:medium @nist:SC-28 @soc2:CC6.1 @wa:SEC08
  Rule: ENC-04 Log encryption with customer managed KMS keys

    Logs hold personal data and internal details. A KMS key adds its own permissions and an audit
    log to them.

    A pass shows that a KMS key is set, and that it is none of those that AWS manages, nor one of the
    plan that cannot encrypt. A key that is given by its ID or ARN alone counts as customer managed.

    Scenario: ENC-04.1 CloudWatch log groups should be encrypted with a customer managed KMS key
      When we examine every planned CloudWatch log group
      Then it must be encrypted with a customer managed KMS key

  @ENC-05 @severity:low @nist:SC-28 @soc2:CC6.1 @wa:SEC08
  Rule: ENC-05 SNS encryption with customer managed KMS keys

    Messages of alarms name resources and their weaknesses. CloudWatch alarms cannot publish to a
    topic that is encrypted with the AWS managed key alias/aws/sns.

    A pass shows that a KMS key is set, and that it is none of those that AWS manages, nor one of the
    plan that cannot encrypt. A key that is given by its ID or ARN alone counts as customer managed.

    Scenario: ENC-05.1 SNS topics should be encrypted with a customer managed KMS key
      When we examine every planned SNS topic
      Then it must be encrypted with a customer managed KMS key

  @ENC-06 @severity:high @nist:SC-8 @soc2:CC6.7 @wa:SEC09
  Rule: ENC-06 Database encryption in transit

    Without TLS, passwords and rows can be read in the network.

    A pass shows that the parameter of each engine refuses connections without TLS. Oracle has no
    such parameter and is not examined.

    Scenario: ENC-06.1 RDS DB instances and clusters should refuse connections without TLS
      When we examine every planned RDS DB instance
      Then it must refuse connections without TLS

  @ENC-07 @severity:medium @nist:SC-8 @soc2:CC6.7 @wa:SEC09
  Rule: ENC-07 TLS security policies

    TLS 1.0 and 1.1 have known weaknesses.

    A pass shows that the security policy is on the list in policies/parameters.toml. It does not
    show that the list is current.

    Scenario: ENC-07.1 Load balancer listeners should use an approved TLS security policy
      When we examine every planned load balancer listener
      Then its security policy must be on the approved list

  @ENC-08 @severity:medium @nist:SC-28 @soc2:CC6.1 @wa:SEC08
  Rule: ENC-08 KMS key rotation and deletion

    An old key decrypts all data that was encrypted since then. A deleted key makes all data that it
    encrypted unreadable.

    A pass shows that rotation is enabled for symmetric encryption keys, and the deletion waiting
    period. It does not show the rotation period, nor who may delete a key.

    Scenario: ENC-08.1 KMS keys should have automatic key rotation enabled
      When we examine every planned KMS key
      Then automatic key rotation must be enabled

    Scenario: ENC-08.2 KMS keys should have a deletion waiting period of at least 30 days
      When we examine every planned KMS key
      Then the deletion waiting period must be at least 30 days
