@area:reliability
Feature: Availability: the loss of one part is not the loss of the service

  Tasks crash and zones fail. Users should notice neither.

  A pass shows that there is a second of everything. It does not show that one half carries the load
  alone.

  Background:
    Given the planned change to our infrastructure

  @AVA-01 @severity:high @wa:REL10 @wa:REL11
  Rule: AVA-01 The service runs twice, in two zones

    Scenario: AVA-01.1 At least two tasks run at any time
      When we examine every service that will exist after the change
      Then each one runs at least 2 tasks at any time

    Scenario: AVA-01.2 Tasks are spread over at least two zones
      When we examine every service that will exist after the change
      Then each one can run in at least 2 zones

    Scenario: AVA-01.3 After a zone was away its share of the tasks returns
      When we examine every service that will exist after the change
      Then its tasks return to every zone after one was away

  @AVA-02 @severity:high @nist:CP-10 @soc2:A1.2 @wa:REL10
  Rule: AVA-02 The database has a standby

    Scenario: AVA-02.1 Every database has a standby in another zone
      When we examine every database that will exist after the change
      Then each one has a standby in another zone

  @AVA-03 @severity:high @nist:CP-10 @wa:REL10
  Rule: AVA-03 What is in front and behind is in two zones as well

    Scenario: AVA-03.1 Every load balancer stands in at least two zones
      When we examine every load balancer that will exist after the change
      Then each one stands in at least 2 zones

    Scenario: AVA-03.2 Every database can move to another zone
      When we examine every database that will exist after the change
      Then its subnets lie in at least 2 zones
