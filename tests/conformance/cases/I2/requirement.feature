Feature: an outline without examples

  Scenario Outline: asked
    When we examine every planned "<kind>"
    Then every "bucket" must be set
