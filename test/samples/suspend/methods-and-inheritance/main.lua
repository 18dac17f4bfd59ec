local redis = require("nauthilus_redis")
local Base = {}
Base.__index = Base
function Base:load() return redis.redis_get("default", self.key) end
function Base:name() return self.key end
local Derived = setmetatable({}, {__index = Base})
Derived.__index = Derived
function Derived.new(key) return setmetatable({key = key}, Derived) end
local function loads() return Derived.new("a"):load() end
local function names() return Derived.new("a"):name() end
local Other = {load = function() return 1 end}
local function other() return Other.load() end
