@area:operations
Feature: Ours: what we ask of every change

  Write here why this is asked: an auditor reads it beside every verdict, and whoever breaks the
  requirement reads it first.

  A pass shows what the plan says. It does not show what somebody changes by hand later.

  Background:
    Given the Terraform plan

  @OWN-01 @severity:medium @nist:CM-8
  Rule: OWN-01 Everybody can see whose a resource is

    Scenario: OWN-01.1 Every resource that supports tags names its owner
      When we examine every planned taggable resource
      Then it must have the tags "Owner"

  @OWN-02 @severity:critical @nist:CM-3 @soc2:CC8.1
  Rule: OWN-02 What holds data stays

    Scenario: OWN-02.1 No resource that holds data is destroyed or replaced
      When we examine every change to a stateful resource
      Then it must not be destroyed, replaced or removed from state
