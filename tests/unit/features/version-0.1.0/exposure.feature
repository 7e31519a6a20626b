@area:security
Feature: Exposure: who can reach the service from outside

  The internet tries every address all day. What cannot be reached cannot be attacked, so only the
  load balancer answers to strangers.

  A pass shows which ways in the planned change leaves open. It does not show what the application
  does with the requests that it accepts.

  Background:
    Given the planned change to our infrastructure

  @EXP-01 @severity:critical @cis:2.3.3 @nist:SC-7 @soc2:CC6.6
  Rule: EXP-01 A database is not on the internet

    Scenario: EXP-01.1 No database can be reached from the internet
      When we examine every database that will exist after the change
      Then none of them has a public address

  @EXP-02 @severity:critical @cis:5.2 @cis:5.3 @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-02 Only load balancers accept traffic from the internet

    Scenario: EXP-02.1 Nothing but a load balancer is open to the world
      When we examine every way into our networks
      Then only load balancers accept traffic from the internet, on their public ports

  @EXP-03 @severity:high @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-03 Tasks stay in private networks

    Scenario: EXP-03.1 No task has a public address
      When we examine every service that will exist after the change
      Then none of their tasks has a public address

  @EXP-04 @severity:high @nist:SC-8 @soc2:CC6.7
  Rule: EXP-04 Callers speak to us over TLS

    Scenario: EXP-04.1 Every load balancer speaks TLS, or only redirects to it
      When we examine every listener of a load balancer
      Then each one speaks TLS or only redirects to it

  @EXP-05 @severity:critical @cis:2.1.4 @nist:AC-3 @nist:SC-7 @soc2:CC6.1
  Rule: EXP-05 Buckets are private

    Scenario: EXP-05.1 No bucket can be made public
      When we examine every bucket that will exist after the change
      Then each one blocks public access in all four ways

    Scenario: EXP-05.2 No bucket policy lets everybody in
      When we examine every bucket that will exist after the change
      Then no policy lets everybody in

  @EXP-06 @severity:medium @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-06 What leaves us leaves on accepted ports

    Scenario: EXP-06.1 Nothing of ours can call the internet on any port
      When we examine every way out of our networks
      Then traffic to the internet leaves on accepted ports only

    Scenario: EXP-06.2 What our own parts say to each other goes to one port
      When we examine every way between our own networks
      Then each one names a single port

  @EXP-07 @severity:critical @nist:AC-4 @nist:SC-7 @soc2:CC6.6
  Rule: EXP-07 The database answers only our own tasks

    Scenario: EXP-07.1 Every way in to a database names who comes
      When we examine every database that will exist after the change
      Then each way in names the security group of its callers

  @EXP-08 @severity:medium @nist:SC-5 @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-08 Odd requests stop before the service

    Scenario: EXP-08.1 Every public load balancer has a firewall in front
      When we examine every load balancer that will exist after the change
      Then each public one stands behind a web application firewall

    Scenario: EXP-08.2 Malformed headers do not reach the service
      When we examine every load balancer that will exist after the change
      Then each one drops malformed headers

    Scenario: EXP-08.3 The firewall writes down what it stops
      When we examine every firewall
      Then each one writes down what it stops

    Scenario: EXP-08.4 The firewall stops what it recognises
      When we examine every firewall
      Then each one has rules that stop requests, and none that only counts them

    Scenario: EXP-08.5 Requests that can be read in two ways do not reach the service
      When we examine every load balancer that will exist after the change
      Then each one stops requests that two servers would read differently

    Scenario: EXP-08.6 No request gets past a firewall that does not answer
      When we examine every load balancer that will exist after the change
      Then none lets requests through when its firewall does not answer

  @EXP-09 @severity:medium @nist:AC-3 @soc2:CC6.1
  Rule: EXP-09 A bucket serves our own pages and owns what is in it

    Scenario: EXP-09.1 Only our own web sites may use a bucket
      When we examine every bucket that will exist after the change
      Then only named web sites may use it

    Scenario: EXP-09.2 Nobody opens a single object to the world
      When we examine every bucket that will exist after the change
      Then each one ignores the access lists of single objects

  @EXP-10 @severity:medium @nist:SC-7 @soc2:CC6.6 @wa:SEC05
  Rule: EXP-10 What nobody calls from outside stands where nobody can

    Scenario: EXP-10.1 Every database stands in private networks
      When we examine every database that will exist after the change
      Then its networks give out no public addresses

    Scenario: EXP-10.2 Every task stands in private networks
      When we examine every service that will exist after the change
      Then the networks of its tasks give out no public addresses
