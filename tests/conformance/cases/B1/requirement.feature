Feature: versioning in one instance of a module with for_each

  Scenario: asked
    When we examine every bucket that will exist after the change
    Then each one keeps what is overwritten or deleted
