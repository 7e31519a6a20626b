@area:security
Feature: Encryption: what a stolen disk or a listener on the wire can read

  Disks are replaced, snapshots are shared by mistake, and networks are shared. Encrypted data is
  useless to whoever finds it.

  A pass shows that encryption is switched on. It does not show who may use the keys.

  Background:
    Given the planned change to our infrastructure

  @ENC-01 @severity:high @cis:2.3.1 @nist:SC-28 @soc2:CC6.1
  Rule: ENC-01 Databases are encrypted

    Scenario: ENC-01.1 Every database is encrypted at rest
      When we examine every database that will exist after the change
      Then each one is encrypted at rest

  @ENC-02 @severity:high @nist:SC-28 @soc2:CC6.1
  Rule: ENC-02 Buckets are encrypted with a key that we can take away

    Scenario: ENC-02.1 Every bucket is encrypted with a managed key
      When we examine every bucket that will exist after the change
      Then each one is encrypted with a key of the key management service

  @ENC-03 @severity:medium @cis:2.1.1 @nist:SC-8 @soc2:CC6.7
  Rule: ENC-03 Buckets are used over TLS only

    Scenario: ENC-03.1 Every bucket refuses plain HTTP
      When we examine every bucket that will exist after the change
      Then each one refuses requests without TLS

  @ENC-04 @severity:medium @nist:SC-28 @soc2:CC6.1 @wa:SEC08
  Rule: ENC-04 Logs are encrypted with a key that we can take away

    Scenario: ENC-04.1 Every log group is encrypted with our own key
      When we examine every log group that will exist after the change
      Then each one is encrypted with our own key

  @ENC-05 @severity:low @nist:SC-28 @soc2:CC6.1 @wa:SEC08
  Rule: ENC-05 Messages are encrypted with a key that we can take away

    Scenario: ENC-05.1 Every topic is encrypted with our own key
      When we examine every topic for messages
      Then each topic is encrypted with our own key

  @ENC-06 @severity:high @nist:SC-8 @soc2:CC6.7 @wa:SEC09
  Rule: ENC-06 Databases are used over TLS only

    Scenario: ENC-06.1 Every database turns away clients without TLS
      When we examine every database that will exist after the change
      Then each one turns away clients without TLS

  @ENC-07 @severity:medium @nist:SC-8 @soc2:CC6.7 @wa:SEC09
  Rule: ENC-07 Old versions of TLS are off

    Scenario: ENC-07.1 Every listener offers accepted versions of TLS only
      When we examine every listener of a load balancer
      Then each one with TLS offers accepted versions only

  @ENC-08 @severity:medium @nist:SC-28 @soc2:CC6.1 @wa:SEC08
  Rule: ENC-08 Keys are renewed, and no slip destroys one

    Who has an old key can read what it encrypted since then. Who deletes a key deletes everything that
    it encrypted. A pass does not show who may do so.

    Scenario: ENC-08.1 Every key is renewed every year
      When we examine every key of ours
      Then AWS renews each one every year

    Scenario: ENC-08.2 Every key can be had back for a month
      When we examine every key of ours
      Then each one that is deleted can be had back for 30 days
