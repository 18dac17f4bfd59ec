local Object = require("object")
local deep = require("deep")
local redis = require("nauthilus_redis")

local Store = Object:subclass()
function Store:initialise(prefix) self.prefix = prefix end
function Store:get(key) return redis.redis_get("default", self.prefix .. key) end
function Store:name() return self.prefix end

local Point = Object:subclass()
Point:include({scale = function(self, factor) return self.x * factor end})
function Point:initialise(x) self.x = x end
function Point:length() return self.x end

local settings = deep.copy(deep.merge({a = 1}, {b = {c = 2}}))

local function points() local p = Point(3) return p:length(), p:scale(2), settings.b.c end
local function stores() return Store("x"):get("k") end
local function names() return Store("x"):name() end
