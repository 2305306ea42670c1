q5_model = colleagues.model("Thursday")
promoted = colleagues.models[1]
