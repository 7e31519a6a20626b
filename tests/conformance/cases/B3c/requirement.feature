Feature: open to the world in two halves

  Scenario: asked
    When we examine every way into our networks
    Then only load balancers accept traffic from the internet, on their public ports
