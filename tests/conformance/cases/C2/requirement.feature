Feature: any resource, by what happens to it

  Scenario: asked
    When we examine every resource with action "delete"
    Then there must be none
