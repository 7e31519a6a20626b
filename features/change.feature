@area:reliability
Feature: Change: nothing that holds data is destroyed

  A renamed resource or an argument that cannot change in place makes Terraform delete and create
  again. For a task that is a deployment; for a database it is the end of the data.

  A pass shows that the plan leaves everything in place that holds data. It does not show that the
  data in it is right.

  Background:
    Given the planned change to our infrastructure

  @CHG-01 @severity:critical @nist:CM-3 @nist:CP-9 @soc2:CC8.1
  Rule: CHG-01 What holds data stays

    Scenario: CHG-01.1 No resource that holds data is destroyed or replaced
      When we examine every change to a resource that holds data
      Then none of them is destroyed, replaced or dropped
