Feature: SSH open in a rule whose type a variable decides

  Scenario: asked
    When we examine every way into our networks
    Then only load balancers accept traffic from the internet, on their public ports
