@area:cost
Feature: Cost: we pay for what is used

  The bill was higher than expected: sizes were guessed once and never looked at again, and what
  nobody needed stayed for ever.

  A pass shows that sizes and lifetimes are within the limits that we set. It does not show what the
  month will cost.

  Background:
    Given the planned change to our infrastructure

  @CST-01 @severity:medium @wa:COST06
  Rule: CST-01 Tasks are no larger than needed

    Scenario: CST-01.1 Every task is right-sized
      When we examine every task definition that will exist after the change
      Then each one is within the accepted task size

  @CST-02 @severity:medium @wa:COST06
  Rule: CST-02 Databases are no larger than needed

    Scenario: CST-02.1 Every database is of an accepted class
      When we examine every database that will exist after the change
      Then each one is of an accepted class

    Scenario: CST-02.2 Every database is on storage of a fair price
      When we examine every database that will exist after the change
      Then each one is on storage of a fair price

  @CST-03 @severity:medium @nist:AU-11 @nist:SI-12 @wa:COST04
  Rule: CST-03 Logs are kept for a time, not for ever

    Scenario: CST-03.1 Every log group forgets old logs
      When we examine every log group that will exist after the change
      Then each one keeps its logs for 30 to 400 days

  @CST-04 @severity:low @nist:SI-12 @wa:COST04
  Rule: CST-04 Images do not pile up

    Scenario: CST-04.1 Every bucket moves or expires old objects
      When we examine every bucket that will exist after the change
      Then each one moves or expires old objects

    Scenario: CST-04.2 Every image repository expires old images
      When we examine every image repository that will exist after the change
      Then each one expires old images

    Scenario: CST-04.3 Broken uploads do not pile up
      When we examine every bucket that will exist after the change
      Then each one ends uploads that nobody finishes

  @CST-05 @severity:medium @wa:COST09
  Rule: CST-05 A quiet service is a small service

    Scenario: CST-05.1 Every service shrinks when it is idle
      When we examine every service that will exist after the change
      Then each one shrinks when it is idle

  @CST-06 @severity:low @nist:CM-8 @wa:COST03
  Rule: CST-06 Every cost has an owner

    Scenario: CST-06.1 Every resource says who owns it and who pays
      When we examine every resource that supports tags
      Then each one carries the tags "Service, Environment, Owner, CostCentre"

    Scenario: CST-06.2 The snapshots of every database say so too
      When we examine every database that will exist after the change
      Then its snapshots carry its tags

  @CST-07 @severity:low @nist:AU-2
  Rule: CST-07 We log what somebody reads

    Scenario: CST-07.1 No container logs every detail
      When we examine every task definition that will exist after the change
      Then no container logs every detail

  @CST-08 @severity:medium @wa:COST02 @wa:COST03
  Rule: CST-08 The bill is no surprise

    Scenario: CST-08.1 A budget warns before the month's money is spent
      When we examine every service that will exist after the change
      Then a budget tells somebody before the month's money is spent

  @CST-09 @severity:low @wa:COST06
  Rule: CST-09 Tasks run where it costs less

    Scenario: CST-09.1 Every task runs on the cheaper processors
      When we examine every task definition that will exist after the change
      Then each one runs on the cheaper processors

  @CST-10 @severity:low @wa:COST08
  Rule: CST-10 Traffic takes the way that costs nothing

    Scenario: CST-10.1 Images come past the NAT gateway
      When we examine every service that will exist after the change
      Then its images come past the NAT gateway
