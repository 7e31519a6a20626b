@area:reliability
Feature: Capacity: the database is never asked for more than it has

  The service was down for two hours because every new task took its share of database connections
  until there were none left. Nobody could see the count.

  A pass shows that the planned tasks fit into the planned database at the worst moment of a
  deployment. It does not show that the application closes what it opens.

  Background:
    Given the planned change to our infrastructure

  @CAP-01 @severity:critical @nist:SC-5 @soc2:A1.1 @wa:REL07
  Rule: CAP-01 Connections fit, also while old and new tasks run side by side

    Scenario: CAP-01.1 The connection budget holds at the peak of a deployment
      When we examine every database that will exist after the change
      Then each one accepts the connections that all tasks open at the peak of a deployment

  @CAP-02 @severity:high @nist:SC-5 @soc2:CC7.2 @wa:REL06
  Rule: CAP-02 Somebody is told before connections run out

    Scenario: CAP-02.1 An alarm watches the connections of every database
      When we examine every database that will exist after the change
      Then an alarm watches the number of its connections

    Scenario: CAP-02.2 The alarm leaves time to act
      When we examine every database that will exist after the change
      Then an alarm rings before 80 % of the connections for the service are open

    Scenario: CAP-02.3 The number of connections is on a dashboard
      When we examine every database that will exist after the change
      Then a dashboard shows the number of its connections

  @CAP-03 @severity:medium @soc2:A1.1 @wa:REL05
  Rule: CAP-03 A connection that nobody uses comes back

    Scenario: CAP-03.1 Forgotten transactions end after a minute
      When we examine every database that will exist after the change
      Then each one ends a transaction that is idle for 60 seconds

  @CAP-04 @severity:medium @soc2:A1.1 @wa:REL07
  Rule: CAP-04 A full disk is not the end

    Scenario: CAP-04.1 The storage of every database grows by itself
      When we examine every database that will exist after the change
      Then its storage grows before it is full

  @CAP-05 @severity:medium @soc2:CC8.1 @wa:REL07
  Rule: CAP-05 Sizes exist and containers fit into them

    Terraform plans any size. AWS refuses the wrong ones while the change is applied, when half of it
    is done.

    Scenario: CAP-05.1 Every task has a size that Fargate offers
      When we examine every task definition that will exist after the change
      Then each one has a size that Fargate offers

    Scenario: CAP-05.2 The containers of every task fit into it
      When we examine every task definition that will exist after the change
      Then its containers ask for no more than the task has

  @CAP-06 @severity:high @nist:SC-5 @soc2:A1.1 @wa:REL07
  Rule: CAP-06 Scaling stops before the connections run out

    The number of tasks was raised by hand, and nothing stopped it below what the database accepts.

    Scenario: CAP-06.1 Every service has a ceiling that its database carries
      When we examine every service that will exist after the change
      Then it has a ceiling that its database carries

  @CAP-07 @severity:medium @soc2:CC8.1 @wa:REL07
  Rule: CAP-07 Storage can be as fast as it is asked to be

    Terraform plans any number of operations. AWS refuses those that do not go with the size.

    Scenario: CAP-07.1 The operations of every database's storage fit its size
      When we examine every database that will exist after the change
      Then AWS accepts the operations of its storage at its size

  @CAP-08 @severity:medium @nist:SI-4 @soc2:CC7.2 @wa:REL06
  Rule: CAP-08 An alarm rings while there is time

    An alarm at the limit itself tells of an outage that everybody has seen. A pass shows that there is
    room between the alarm and the end. It does not show that somebody can act in it.

    Scenario: CAP-08.1 No alarm waits for the limit that it guards
      When we examine every alarm
      Then each one on a share or on free room rings while there is room

  @CAP-09 @severity:medium @soc2:A1.2 @wa:REL10
  Rule: CAP-09 The way out of one zone is not the way out of all

    A pass shows that no NAT gateway of this plan serves several zones alone. It does not show a network
    that is made elsewhere.

    Scenario: CAP-09.1 Every zone of a service has its own way out
      When we examine every service that will exist after the change
      Then NAT gateways, if the plan makes any, stand in each of its zones

  @CAP-10 @severity:medium @soc2:A1.1 @wa:REL07
  Rule: CAP-10 Scaling starts while there is room

    A task needs a minute to start. Until it answers, the others carry the load alone. A pass shows the
    target of the policy. It does not show how fast the load rises.

    Scenario: CAP-10.1 Tasks are added before the others are full
      When we examine every policy that scales a service
      Then tasks are added before the present ones are busy to more than 80 %
