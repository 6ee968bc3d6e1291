"""HTTP APIs."""

from local_cloud.deploy.stack import Created, Make, Properties
from local_cloud.errors import TemplateError
from local_cloud.messaging.http import HttpApi
from local_cloud.randomness import Randomness
from local_cloud.services import Services


def web_makers(services: Services, randomness: Randomness) -> dict[str, Make]:
    def api(_: str, properties: Properties) -> Created:
        if "Body" not in properties:
            raise TemplateError(
                "only APIs with a Body are emulated: use AWS::Serverless::HttpApi and function events"
            )
        api_id = f"{randomness.stream('api ids').getrandbits(50):010x}"[:10]
        made = HttpApi(api_id, properties["Body"], services.clock, randomness, services.functions)
        services.apis[api_id] = made
        return Created(api_id, {"ApiEndpoint": made.endpoint, "ApiId": api_id})

    def stage(_: str, properties: Properties) -> Created:
        services.apis[properties["ApiId"]].deploy(properties)
        return Created(properties["StageName"])

    return {"AWS::ApiGatewayV2::Api": api, "AWS::ApiGatewayV2::Stage": stage}
