@area:operations
Feature: Ours: requirements for every change

  Write the business reason here: reports show it next to every verdict, to auditors and to the
  author of a change.

  A pass shows the planned change. It does not show later changes by hand.

  Background:
    Given the Terraform plan

  @OWN-01 @severity:medium @nist:CM-8
  Rule: OWN-01 Resource ownership

    Scenario: OWN-01.1 Taggable resources should have an Owner tag
      When we examine every planned taggable resource
      Then it must have the tags "Owner"

  @OWN-02 @severity:critical @nist:CM-3 @soc2:CC8.1
  Rule: OWN-02 Protection of stateful resources

    Scenario: OWN-02.1 Stateful resources should not be destroyed, replaced or removed from state
      When we examine every change to a stateful resource
      Then it must not be destroyed, replaced or removed from state
