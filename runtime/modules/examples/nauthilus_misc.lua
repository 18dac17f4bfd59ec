dynamic_loader("nauthilus_misc")
local misc = require("nauthilus_misc")

print(misc.get_country_name("DE")) --> Germany
print(misc.get_country_name("Atlantis")) --> Unknown

-- Whoever guesses passwords has to wait; others are served meanwhile.
local waited = misc.wait_random(5, 20)
print(waited >= 5 and waited < 20) --> true
