dynamic_loader("nauthilus_password")
local password = require("nauthilus_password")

local stored = "$6$nauthilus$1Ukethk9fiG3K.qU/IMOlq7K/qUhFypRHMB5jlJrBwq1COobhPVi7uW6CBFonjQly/68OVGwvA7hjbq8UBulY/"
print(password.compare_passwords(stored, "secret")) --> true	nil
print(password.compare_passwords(stored, "guess")) --> false	nil
print(password.compare_passwords("what is this", "guess")) --> false	no registered algorithm for settings []

local policy = { min_length = 12, min_upper = 1, min_lower = 1, min_number = 1, min_special = 0 }
print(password.check_password_policy(policy, "secret")) --> false
print(password.check_password_policy(policy, "Secret number 1")) --> true
