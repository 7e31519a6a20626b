@area:cost
Feature: Tags: cost allocation by tag

  Our bill is read by service, environment and cost centre. The cost of an untagged resource has no
  owner, so the resource is never removed.

  A pass shows that the tags are set. It does not show that the person they name still works here.

  Background:
    Given the Terraform plan

  @CST-06 @severity:low @nist:CM-8 @wa:COST03
  Rule: CST-06 Cost allocation tags

    Scenario: CST-06.1 Taggable resources should have the required tags
      When we examine every planned taggable resource
      Then it must have the tags "Service, Environment, Owner, CostCentre"
