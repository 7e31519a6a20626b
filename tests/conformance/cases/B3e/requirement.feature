Feature: open to what apply decides

  Scenario: asked
    When we examine every way into our networks
    Then only load balancers accept traffic from the internet, on their public ports
