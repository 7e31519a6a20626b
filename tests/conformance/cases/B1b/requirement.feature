Feature: versioning of one instance of a bucket with for_each

  Scenario: asked
    When we examine every bucket that will exist after the change
    Then each one keeps what is overwritten or deleted
