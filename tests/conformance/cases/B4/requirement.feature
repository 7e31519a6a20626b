Feature: versioning in one of two calls of a module

  Scenario: asked
    When we examine every bucket that will exist after the change
    Then each one keeps what is overwritten or deleted
