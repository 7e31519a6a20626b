@area:cost
Feature: Tags: our bill is divided by them

  Our bill is read by service, environment and cost centre. What carries no tag is paid by nobody, and
  stays for ever.

  A pass shows that the tags are there. It does not show that the person they name still works here.

  Background:
    Given the planned change to our infrastructure

  @CST-06 @severity:low @nist:CM-8 @wa:COST03
  Rule: CST-06 Every cost has an owner

    Scenario: CST-06.1 Every resource says who owns it and who pays
      When we examine every resource that supports tags
      Then each one carries the tags "Service, Environment, Owner, CostCentre"
