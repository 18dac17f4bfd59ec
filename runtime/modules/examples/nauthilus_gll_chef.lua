dynamic_loader("nauthilus_gll_chef")
local chef = require("chef")

local client, err = chef.client(os.getenv("CHEF_CLIENT"), os.getenv("CHEF_KEY_FILE"), os.getenv("CHEF_URL"))
print(err) --> nil

local answer = client:request("GET", "nodes/mx1")
print(answer.method, answer.target) --> GET	/organizations/mail/nodes/mx1
print(client:search("node", "role:mx", nil, { rows = 10 }).total) --> 1
print((client:request("GET", "nodes/missing"))) --> nil
