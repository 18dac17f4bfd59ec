dynamic_loader("nauthilus_gll_cloudwatch")
local cloudwatch = require("cloudwatch")

-- Keys come from the environment or ~/.aws; the region and another endpoint may be given.
local account = cloudwatch.new(nil, "eu-central-1", os.getenv("AWS_URL"))

local values, err = account:get_metric_data({
  start_time = 1700000000,
  end_time = 1700000600,
  queries = { sent = { namespace = "AWS/SES", metric = "Send", stat = "Sum", period = 60 } },
})
print(err, values.sent[1700000060]) --> nil	2.5

local path = os.getenv("FOLDER") .. "/events.log"
print(account:download(path, { log_group_name = "/mail", filter_patern = "login" }) == nil) --> true
for line in io.lines(path) do print(line) end
--> login mia
--> lögin tom
--> logout mia
