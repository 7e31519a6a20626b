@area:cost
Feature: Cost: we pay for what is used

  The bill was higher than expected: sizes were guessed once and never looked at again, and what
  nobody needed stayed for ever.

  A pass shows that sizes, lifetimes and the estimate are within the limits that we set. It does not
  show the bill: prices are list prices of the catalogue's dates, and use counts only as far as
  usage.toml declares it.

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

    Scenario: CST-05.2 Nothing that scales a service only ever adds
      When we examine every policy that scales a service
      Then none of them only ever adds tasks

  @CST-06 @severity:low @nist:CM-8 @wa:COST03
  Rule: CST-06 Every cost has an owner

    Scenario: CST-06.2 The snapshots of every database say so too
      When we examine every database that will exist after the change
      Then its snapshots carry its tags

    Scenario: CST-06.3 Tasks say so too
      When we examine every service that will exist after the change
      Then its tasks carry tags

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

    Scenario: CST-08.2 The budget is no larger than what a month may cost
      When we examine every budget
      Then each one is no larger than what a month at the largest scale may cost

    Scenario: CST-08.3 A budget counts costs that there are
      When we examine every budget
      Then each one counts costs that there are

  @CST-09 @severity:low @wa:COST06
  Rule: CST-09 Tasks run where it costs less

    Scenario: CST-09.1 Every task runs on the cheaper processors
      When we examine every task definition that will exist after the change
      Then each one runs on the cheaper processors

    Scenario: CST-09.2 Every database runs on the cheaper processors
      When we examine every database that will exist after the change
      Then each one is of a class with the cheaper processors

  @CST-10 @severity:low @wa:COST08
  Rule: CST-10 Traffic takes the way that costs nothing

    Scenario: CST-10.1 Images come past the NAT gateway
      When we examine every service that will exist after the change
      Then its images come past the NAT gateway

  @CST-11 @severity:high @wa:COST02 @wa:COST05
  Rule: CST-11 The month stays within its budget

    The bill was three times what anybody had planned. The estimate of a month is held to the budget
    before the change is made; what has no price or no value yet leaves it open, and never counts as
    nothing.

    Scenario: CST-11.1 A month costs no more than its budget
      When we estimate what a month will cost
      Then a month costs no more than the budget

    Scenario: CST-11.2 A month at its largest is within the budget too
      When we estimate what a month will cost
      Then a month at the largest scale costs no more than the budget for it

  @CST-12 @severity:medium @wa:COST02
  Rule: CST-12 No change makes the month much dearer

    A month does not become dear at once: somebody adds a little, and nobody adds it up. What one change
    adds is held to a limit, and what goes beyond it is talked about before it is paid for.

    Scenario: CST-12.1 A change adds no more than it may
      When we estimate what a month will cost
      Then the change adds no more to a month than one change may

  @CST-13 @severity:medium @nist:CM-8 @wa:COST04
  Rule: CST-13 Nothing is paid for that serves nobody

    A pass shows that each load balancer passes requests on and each address belongs to something. It
    does not show that anybody sends requests.

    Scenario: CST-13.1 No load balancer and no address is idle
      When we examine every load balancer that will exist after the change
      Then none of them is idle, and no public address is

  @CST-14 @severity:medium @wa:COST06
  Rule: CST-14 No more is bought than the stated need takes

    Sizes are held to the need that policies/limits.toml states. A pass shows that the smallest
    size that fits is bought. It does not show that the need is stated right: that takes measuring.

    Scenario: CST-14.1 Every task is the smallest that fits the need
      When we examine every service that will exist after the change
      Then its task is the smallest that fits the need

    Scenario: CST-14.2 No more tasks run at the least than the need takes
      When we examine every service that will exist after the change
      Then it runs no more tasks at the least than the need takes

    Scenario: CST-14.3 Every database is of the cheapest class that fits the need
      When we examine every database that will exist after the change
      Then no accepted class that fits the need costs less

    Scenario: CST-14.4 No operations are paid for that come with the storage
      When we examine every database that will exist after the change
      Then no operations are paid for beyond the need

  @CST-15 @severity:low @wa:COST05
  Rule: CST-15 Encryption is not paid for by the object

    Every request to the key management service is on the bill. A key of the bucket takes one for many
    objects. A pass does not show how many requests there are.

    Scenario: CST-15.1 Every bucket asks for its key once
      When we examine every bucket that will exist after the change
      Then each one that uses a key asks for it once, and not for every object
